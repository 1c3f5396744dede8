import { PALETTE_SLOTS, paletteTexels } from '@/lib/core/avatarPalette';
import { ARKIT_BLENDSHAPES } from '@/lib/pose/arkit';
import type { AvatarModel } from '../buildAvatar';
import { BOUND_PRESETS, MODELLED_PRESETS } from '../face/faceWeights';
import { GL, GlbWriter, type GltfPrimitive } from '../glb/glbWriter';
import { encodePng } from '../glb/png';
import type { SkinnedMesh } from '../mesh/skinnedMesh';
import type { Palette } from '../part';
import { subtract } from '../sdf/maths';
import { REST_JOINTS, restAt } from '../skeleton/restSkeleton';

/** Node indices and morph names the extension refers to. */
interface VrmReferences {
  readonly name: string;
  /** Factor on the head's sizes. */
  readonly stature: number;
  readonly bodyNode: number;
  readonly faceNode: number;
  /** Names of the face mesh's morph targets, in order. */
  readonly morphNames: readonly string[];
}

interface Expression {
  isBinary: boolean;
  overrideBlink: 'none' | 'block';
  overrideLookAt: 'none' | 'block';
  overrideMouth: 'none';
  morphTargetBinds: Array<{ node: number; index: number; weight: number }>;
}

/** Degrees of gaze at which the look expressions reach their full weight. */
const LOOK_RANGE = { horizontal: 30, vertical: 25 } as const;

/** The licence: free to copy, change, sell and pass on without credit; not for violent, sexual or hateful use. */
function meta(name: string): object {
  return {
    name,
    version: '1.0',
    authors: ['Parley'],
    copyrightInformation: 'Made by the Parley avatar generator; free to use, change and pass on, without credit.',
    licenseUrl: 'https://vrm.dev/licenses/1.0/',
    avatarPermission: 'everyone',
    allowExcessivelyViolentUsage: false,
    allowExcessivelySexualUsage: false,
    commercialUsage: 'corporation',
    allowPoliticalOrReligiousUsage: true,
    allowAntisocialOrHateUsage: false,
    creditNotation: 'unnecessary',
    allowRedistribution: true,
    modification: 'allowModificationRedistribution',
  };
}

function expression(refs: VrmReferences, weights: Readonly<Record<string, number>>, blocksEyes = false): Expression {
  const block = blocksEyes ? 'block' : 'none';
  return {
    isBinary: false,
    overrideBlink: block,
    overrideLookAt: block,
    overrideMouth: 'none',
    morphTargetBinds: Object.entries(weights).map(([name, weight]) => ({
      node: refs.faceNode,
      index: refs.morphNames.indexOf(name),
      weight,
    })),
  };
}

function presets(refs: VrmReferences): Record<string, Expression> {
  const modelled = Object.keys(MODELLED_PRESETS).map((name) => [
    name,
    expression(refs, { [name]: 1 }, name === 'happy'),
  ]);
  const bound = Object.entries(BOUND_PRESETS).map(([name, weights]) => [name, expression(refs, weights)]);
  return Object.fromEntries([...modelled, ...bound]);
}

function lookAt(stature: number): object {
  const range = (inputMaxValue: number) => ({ inputMaxValue, outputScale: 1 });
  return {
    offsetFromHeadBone: [0, 0.171 * stature, 0.08 * stature],
    type: 'expression',
    rangeMapHorizontalInner: range(LOOK_RANGE.horizontal),
    rangeMapHorizontalOuter: range(LOOK_RANGE.horizontal),
    rangeMapVerticalDown: range(LOOK_RANGE.vertical),
    rangeMapVerticalUp: range(LOOK_RANGE.vertical),
  };
}

/** The `VRMC_vrm` extension (specification 1.0): meta, humanoid, expressions, gaze, first person. */
function vrmExtension(refs: VrmReferences): object {
  return {
    specVersion: '1.0',
    meta: meta(refs.name),
    humanoid: { humanBones: Object.fromEntries(REST_JOINTS.map((joint, node) => [joint.name, { node }])) },
    expressions: {
      preset: presets(refs),
      custom: Object.fromEntries(ARKIT_BLENDSHAPES.map((name) => [name, expression(refs, { [name]: 1 })])),
    },
    lookAt: lookAt(refs.stature),
    firstPerson: {
      meshAnnotations: [
        { node: refs.bodyNode, type: 'auto' },
        { node: refs.faceNode, type: 'thirdPersonOnly' },
      ],
    },
  };
}

/** The palette as a texture of one texel a slot: swapping it recolours the avatar. */
function palettePng(palette: Palette): Buffer {
  return encodePng(PALETTE_SLOTS.length, 1, paletteTexels(palette));
}

/** Grid (m) of positions: far finer than visible, and rounded floats compress much better. */
const POSITION_GRID = 1 / 16384;
/** Grid (m) of morphs. */
const MORPH_GRID = 1 / 16384;
/** Grid of normals. */
const NORMAL_GRID = 1 / 128;

/** Values rounded to a grid that 32-bit floats represent exactly. */
function snapped(values: ArrayLike<number>, grid: number): Float32Array {
  return Float32Array.from(values, (value) => Math.round(value / grid) * grid + 0);
}

/** A mesh in file order: vertices of the coarsest level first, so that each level uses only a prefix. */
export interface FileMesh {
  readonly positions: readonly number[];
  readonly normals: readonly number[];
  readonly tints: readonly number[];
  readonly joints: readonly number[];
  readonly weights: readonly number[];
  readonly paletteU: readonly number[];
  /** Index triples of each level written, the finest first. */
  readonly levels: readonly (readonly number[])[];
  /** For each written vertex, its index in the mesh. */
  readonly order: readonly number[];
}

/** `size` values of each vertex, in the given order. */
function inOrder(values: ArrayLike<number>, size: number, order: readonly number[]): number[] {
  const out = new Array<number>(order.length * size);
  order.forEach((vertex, place) => {
    for (let k = 0; k < size; k++) out[place * size + k] = values[vertex * size + k]!;
  });
  return out;
}

/** `count` levels of a mesh from `finest` on (by default all), with the vertices of these and of coarser ones. */
export function fileMesh(mesh: SkinnedMesh, finest: number, count?: number): FileMesh {
  const used = mesh.levels.slice(finest);
  const placeOf = new Map<number, number>();
  for (const triangles of [...used].reverse())
    for (const vertex of triangles) if (!placeOf.has(vertex)) placeOf.set(vertex, placeOf.size);
  const order = [...placeOf.keys()];
  return {
    positions: inOrder(mesh.positions, 3, order),
    normals: inOrder(mesh.normals, 3, order),
    tints: inOrder(mesh.tints, 3, order),
    joints: inOrder(mesh.joints, 4, order),
    weights: inOrder(mesh.weights, 4, order),
    paletteU: inOrder(mesh.paletteU, 1, order),
    levels: used.slice(0, count).map((triangles) => triangles.map((vertex) => placeOf.get(vertex)!)),
    order,
  };
}

const GENERATOR = 'Parley avatar generator';
const ROUGHNESS = 0.9;

function scaled(values: ArrayLike<number>, factor: number): number[] {
  return Array.from(values, (value) => value * factor);
}

function addBones(glb: GlbWriter, stature: number): void {
  for (const joint of REST_JOINTS) {
    const from = joint.parent === null ? ([0, 0, 0] as const) : restAt(joint.parent);
    const children = REST_JOINTS.flatMap((child, index) => (child.parent === joint.name ? [index] : []));
    const translation = subtract(joint.at, from).map((value) => Number((value * stature).toFixed(6)));
    glb.json.nodes.push({ name: joint.name, translation, ...(children.length > 0 ? { children } : {}) });
  }
}

function addSkin(glb: GlbWriter, stature: number): void {
  const matrices = REST_JOINTS.flatMap(({ at }) => {
    const [x, y, z] = scaled(at, -stature);
    return [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, x!, y!, z!, 1];
  });
  const inverseBindMatrices = glb.addAccessor(Float32Array.from(matrices), 'MAT4');
  glb.json.skins.push({ joints: REST_JOINTS.map((_, index) => index), skeleton: 0, inverseBindMatrices });
}

function addMaterial(glb: GlbWriter, palette: Palette): void {
  glb.json.images.push({ bufferView: glb.addView(palettePng(palette)), mimeType: 'image/png', name: 'palette' });
  glb.json.samplers.push({
    magFilter: GL.nearest,
    minFilter: GL.nearest,
    wrapS: GL.clampToEdge,
    wrapT: GL.clampToEdge,
  });
  glb.json.textures.push({ source: 0, sampler: 0 });
  glb.json.materials.push({
    name: 'Avatar',
    pbrMetallicRoughness: { baseColorTexture: { index: 0 }, metallicFactor: 0, roughnessFactor: ROUGHNESS },
  });
}

function unorm8(values: readonly number[]): Uint8Array {
  return Uint8Array.from(values, (value) => Math.round(Math.min(1, Math.max(0, value)) * 255));
}

/** RGBA bytes; alpha pads vertices to four bytes, as alignment requires. */
function tintBytes(mesh: FileMesh): Uint8Array {
  const rgb = unorm8(mesh.tints);
  return Uint8Array.from({ length: mesh.order.length * 4 }, (_, i) =>
    i % 4 === 3 ? 255 : rgb[(i >> 2) * 3 + (i % 4)]!,
  );
}

function paletteCoordinates(mesh: FileMesh): Uint16Array {
  return Uint16Array.from(mesh.paletteU.flatMap((u) => [Math.round(u * 65535), 32768]));
}

function addIndices(glb: GlbWriter, triangles: readonly number[]): number {
  return glb.addAccessor(Uint16Array.from(triangles), 'SCALAR', { target: GL.elementArrayBuffer });
}

/** The finest level in plain glTF; coarser ones as accessors named in `extras.levels`, which other readers ignore. */
function addPrimitive(glb: GlbWriter, mesh: FileMesh, stature: number): GltfPrimitive {
  const target = GL.arrayBuffer;
  const [finest, ...coarser] = mesh.levels.map((triangles) => addIndices(glb, triangles));
  return {
    attributes: {
      POSITION: glb.addAccessor(snapped(scaled(mesh.positions, stature), POSITION_GRID), 'VEC3', {
        target,
        bounded: true,
      }),
      NORMAL: glb.addAccessor(snapped(mesh.normals, NORMAL_GRID), 'VEC3', { target }),
      TEXCOORD_0: glb.addAccessor(paletteCoordinates(mesh), 'VEC2', { target, normalized: true }),
      COLOR_0: glb.addAccessor(tintBytes(mesh), 'VEC4', { target, normalized: true }),
      JOINTS_0: glb.addAccessor(Uint8Array.from(mesh.joints), 'VEC4', { target }),
      WEIGHTS_0: glb.addAccessor(Uint8Array.from(mesh.weights), 'VEC4', { target, normalized: true }),
    },
    indices: finest!,
    material: 0,
    ...(coarser.length > 0 && { extras: { levels: coarser } }),
  };
}

function addMeshes(
  glb: GlbWriter,
  model: AvatarModel,
  finest: number,
  count?: number,
): { bodyNode: number; faceNode: number } {
  const { spec, morphs } = model;
  const { stature } = spec.build;
  const [body, face] = [fileMesh(model.body, finest, count), fileMesh(model.face, finest, count)];
  const targets = (primitive: GltfPrimitive) => ({
    ...primitive,
    targets: morphs.map(({ deltas }) => ({
      POSITION: glb.addSparseVec3(snapped(scaled(inOrder(deltas, 3, face.order), stature), MORPH_GRID)),
    })),
  });
  glb.json.meshes.push(
    { name: 'Body', primitives: [addPrimitive(glb, body, stature)] },
    {
      name: 'Face',
      primitives: [targets(addPrimitive(glb, face, stature))],
      weights: morphs.map(() => 0),
      extras: { targetNames: morphs.map(({ name }) => name) },
    },
  );
  const bodyNode = glb.json.nodes.push({ name: 'Body', mesh: 0, skin: 0 }) - 1;
  const faceNode = glb.json.nodes.push({ name: 'Face', mesh: 1, skin: 0 }) - 1;
  glb.json.scenes.push({ nodes: [0, bodyNode, faceNode] });
  return { bodyNode, faceNode };
}

/**
 * The avatar as a VRM 1.0 file: bones, one skin, one material, the meshes Body and Face. It has `count` levels of detail from
 * `finest` on (by default all), with only the vertices that these and coarser ones use.
 */
export function encodeVrm(model: AvatarModel, finest = 0, count?: number): Buffer {
  const glb = new GlbWriter(GENERATOR);
  const { stature } = model.spec.build;
  addBones(glb, stature);
  addSkin(glb, stature);
  addMaterial(glb, model.spec.palette);
  const nodes = addMeshes(glb, model, finest, count);
  glb.json.extensionsUsed.push('VRMC_vrm');
  glb.json.extensions['VRMC_vrm'] = vrmExtension({
    name: model.spec.name,
    stature,
    ...nodes,
    morphNames: model.morphs.map(({ name }) => name),
  });
  return glb.toBytes();
}
