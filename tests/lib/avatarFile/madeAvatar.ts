import { BONES } from '@/lib/pose/bones';
import { GL, GlbWriter } from '@/tools/avatars/glb/glbWriter';
import { encodePng } from '@/tools/avatars/glb/png';
import { REST_JOINTS } from '@/tools/avatars/skeleton/restSkeleton';

export type MadeKind = 'vrm0' | 'vrm1' | 'mixamo' | 'readyPlayerMe';

/** Options of a made avatar. */
export interface MadeAvatarOptions {
  readonly kind: MadeKind;
  /** Angle of the arms below the horizontal at rest, radians: an A-pose. */
  readonly armsDown?: number;
  /** Subdivisions of each limb's box, for more triangles. */
  readonly boxes?: number;
  readonly meta?: object;
  /** Side of each texture, pixels. */
  readonly textures?: readonly number[];
  /** Changes the JSON before it is written. */
  readonly spoil?: (json: Record<string, unknown>) => void;
}

type Point = readonly [number, number, number];

const MIXAMO_NAMES: Readonly<Record<string, string>> = {
  hips: 'Hips',
  spine: 'Spine',
  chest: 'Spine1',
  upperChest: 'Spine2',
  neck: 'Neck',
  head: 'Head',
  Shoulder: 'Shoulder',
  UpperArm: 'Arm',
  LowerArm: 'ForeArm',
  Hand: 'Hand',
  UpperLeg: 'UpLeg',
  LowerLeg: 'Leg',
  Foot: 'Foot',
  Toes: 'ToeBase',
};

function mixamoName(bone: string): string {
  const [, side = '', rest = bone] = /^(left|right)(.+)$/.exec(bone) ?? [];
  const name = MIXAMO_NAMES[rest];
  return name ? `${side && side[0]!.toUpperCase() + side.slice(1)}${name}` : bone;
}

const PARTS = REST_JOINTS.filter(
  ({ name }) => (BONES as readonly string[]).includes(name) && !/Thumb|Index|Middle|Ring|Little/.test(name),
);

function parentOf(name: string): number {
  const { parent } = REST_JOINTS.find((joint) => joint.name === name)!;
  return PARTS.findIndex((part) => part.name === parent);
}

/** Rotates a point of the left or right arm down about its shoulder. */
function lowered(place: Point, name: string, angle: number): Point {
  const side = name.startsWith('left') ? 1 : -1;
  if (!/Arm$|Hand$/.test(name)) return place;
  const pivot = PARTS.find((part) => part.name === `${side > 0 ? 'left' : 'right'}UpperArm`)!.at as Point;
  const [dx, dy] = [place[0] - pivot[0], place[1] - pivot[1]];
  const [sin, cos] = [Math.sin(-side * angle), Math.cos(angle)];
  return [pivot[0] + dx * cos - dy * sin, pivot[1] + dx * sin + dy * cos, place[2]];
}

/** A box around a joint, as triangles of eight corners repeated `copies` times. */
function boxes(places: readonly Point[], copies: number) {
  const positions: number[] = [];
  const joints: number[] = [];
  const triangles: number[] = [];
  const faces = [
    0, 1, 3, 0, 3, 2, 4, 6, 7, 4, 7, 5, 0, 4, 5, 0, 5, 1, 2, 3, 7, 2, 7, 6, 0, 2, 6, 0, 6, 4, 1, 5, 7, 1, 7, 3,
  ];
  places.forEach((place, joint) => {
    const first = positions.length / 3;
    for (let corner = 0; corner < 8; corner += 1) {
      positions.push(...place.map((value, axis) => value + (corner & (1 << axis) ? 0.06 : -0.06)));
      joints.push(joint, 0, 0, 0);
    }
    for (let copy = 0; copy < copies; copy += 1) triangles.push(...faces.map((corner) => corner + first));
  });
  return { positions, joints, triangles };
}

/** An avatar of boxes around a person's joints, of a given kind; its head has morph targets for jaw and lids. */
export function makeAvatar({
  kind,
  armsDown = 0,
  boxes: copies = 1,
  meta,
  textures = [8],
  spoil,
}: MadeAvatarOptions): Uint8Array<ArrayBuffer> {
  const glb = new GlbWriter('made for tests');
  // VRM 0.x looks along -Z.
  const turn = kind === 'vrm0' ? -1 : 1;
  const places = PARTS.map(({ name, at }): Point => {
    const [x, y, z] = lowered(at as Point, name, armsDown);
    return [x * turn, y, z * turn];
  });
  const isNamed = kind === 'mixamo' || kind === 'readyPlayerMe';
  PARTS.forEach(({ name }, index) => {
    const parent = parentOf(name);
    const from = places[parent] ?? [0, 0, 0];
    const children = PARTS.flatMap((part, child) => (parentOf(part.name) === index ? [child] : []));
    glb.json.nodes.push({
      name: isNamed ? `${kind === 'mixamo' ? 'mixamorig:' : ''}${mixamoName(name)}` : name,
      translation: places[index]!.map((value, axis) => value - from[axis]!),
      ...(children.length > 0 ? { children } : {}),
    });
  });
  const { positions, joints, triangles } = boxes(places, copies);
  const count = positions.length / 3;
  const head = PARTS.findIndex(({ name }) => name === 'head');
  const shapes = ['jawOpen', 'eyeBlinkLeft'].map((_, shape) => {
    const offsets = new Float32Array(positions.length);
    for (let vertex = 0; vertex < count; vertex += 1)
      if (joints[vertex * 4] === head) offsets[vertex * 3 + shape] = -0.02;
    return { POSITION: glb.addAccessor(offsets, 'VEC3') };
  });
  const inverses = places.flatMap(([x, y, z]) => [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, -x, -y, -z, 1]);
  glb.json.skins.push({
    joints: PARTS.map((_, index) => index),
    skeleton: 0,
    inverseBindMatrices: glb.addAccessor(Float32Array.from(inverses), 'MAT4'),
  });
  textures.forEach((side, index) => {
    const pixels = new Uint8Array(side * side * 4).map((_, i) => (i % 4 === 3 ? 255 : i % 4 === index % 3 ? 200 : 120));
    const source =
      glb.json.images.push({ bufferView: glb.addView(encodePng(side, side, pixels)), mimeType: 'image/png' }) - 1;
    glb.json.textures.push({ source });
    glb.json.materials.push({
      name: kind === 'readyPlayerMe' ? `Wolf3D_${index}` : `Cloth${index}`,
      pbrMetallicRoughness: { baseColorTexture: { index }, baseColorFactor: [1, 0.9, 0.8, 1] },
    });
  });
  const attributes = {
    POSITION: glb.addAccessor(Float32Array.from(positions), 'VEC3', { bounded: true }),
    TEXCOORD_0: glb.addAccessor(
      Float32Array.from({ length: count * 2 }, (_, i) => (i % 7) / 7),
      'VEC2',
    ),
    JOINTS_0: glb.addAccessor(Uint16Array.from(joints), 'VEC4'),
    WEIGHTS_0: glb.addAccessor(
      Float32Array.from({ length: count * 4 }, (_, i) => (i % 4 === 0 ? 1 : 0)),
      'VEC4',
    ),
  };
  const share = Math.ceil(triangles.length / textures.length / 3) * 3;
  const primitives = textures.map((_, index) => ({
    attributes,
    indices: glb.addAccessor(Uint16Array.from(triangles.slice(index * share, (index + 1) * share)), 'SCALAR', {
      target: GL.elementArrayBuffer,
    }),
    material: index,
    targets: shapes,
  }));
  const targetNames = isNamed ? ['jawOpen', 'eyeBlinkLeft'] : ['Mouth', 'Lid'];
  glb.json.meshes.push({ name: 'Body', primitives, extras: { targetNames } });
  const mesh = glb.json.nodes.push({ name: 'Body', mesh: 0, skin: 0 }) - 1;
  glb.json.scenes.push({ nodes: [0, mesh] });
  Object.assign(glb.json.extensions, extensionsOf(kind, mesh, meta));
  spoil?.(glb.json as unknown as Record<string, unknown>);
  return Uint8Array.from(glb.toBytes());
}

const FREE_0 = { title: 'Made', author: 'Parley', allowedUserName: 'Everyone', licenseName: 'CC0' };
const FREE_1 = {
  name: 'Made',
  authors: ['Parley'],
  licenseUrl: 'https://vrm.dev/licenses/1.0/',
  avatarPermission: 'everyone',
  allowRedistribution: true,
};

function extensionsOf(kind: MadeKind, mesh: number, meta?: object): Record<string, object> {
  if (kind === 'vrm0') {
    const humanBones = PARTS.map(({ name }, node) => ({ bone: name, node }));
    const group = (presetName: string, index: number) => ({
      name: presetName,
      presetName,
      binds: [{ mesh: 0, index, weight: 100 }],
    });
    const blendShapeMaster = { blendShapeGroups: [group('a', 0), group('blink_l', 1)] };
    return { VRM: { meta: meta ?? FREE_0, humanoid: { humanBones }, blendShapeMaster } };
  }
  if (kind !== 'vrm1') return {};
  const humanBones = Object.fromEntries(PARTS.map(({ name }, node) => [name, { node }]));
  const expression = (index: number) => ({ morphTargetBinds: [{ node: mesh, index, weight: 1 }] });
  const expressions = { preset: { aa: expression(0), blinkLeft: expression(1) } };
  return { VRMC_vrm: { specVersion: '1.0', meta: meta ?? FREE_1, humanoid: { humanBones }, expressions } };
}
