import { ARKIT_BLENDSHAPES, ARKIT_COUNT } from '@/lib/pose/arkit';
import { GL, GlbWriter, type GltfNode, type GltfPrimitive } from '@/tools/avatars/glb/glbWriter';
import { encodePng } from '@/tools/avatars/glb/png';
import { REST_JOINTS } from '@/tools/avatars/skeleton/restSkeleton';
import {
  type HeavyPart,
  type HeavySkeleton,
  heavyGeometry,
  heavyMorph,
  heavyParts,
  heavySkeleton,
  type SpringChain,
} from './heavyBody';

/** Values of the specification's examples. */
const JOINT = { hitRadius: 0.02, stiffness: 1, gravityPower: 0.1, gravityDir: [0, -1, 0], dragForce: 0.4 } as const;
const OUTLINE_WIDTH = 0.002;
const TRUNK = ['head', 'neck', 'upperChest', 'chest', 'hips'] as const;
const ARMS = ['Shoulder', 'UpperArm', 'LowerArm', 'Hand'].flatMap((name) => [`left${name}`, `right${name}`]);
const LEGS = ['UpperLeg', 'LowerLeg'].flatMap((name) => [`left${name}`, `right${name}`]);
const UPPER_COUNT = TRUNK.length + ARMS.length;

/** Presets of feelings, mouth and lids. */
const PRESETS = [
  ...['happy', 'angry', 'sad', 'relaxed', 'surprised'],
  ...['aa', 'ih', 'ou', 'ee', 'oh', 'blink', 'blinkLeft', 'blinkRight'],
] as const;
/** Shapes that each preset moves. */
const SHAPES_A_PRESET = 4;

function expression(node: number, shapes: readonly number[]): object {
  return {
    isBinary: false,
    overrideBlink: 'none',
    overrideLookAt: 'none',
    overrideMouth: 'none',
    morphTargetBinds: shapes.map((index) => ({ node, index, weight: 1 / shapes.length })),
  };
}

function expressions(faceNode: number): object {
  const shapesOf = (preset: number) =>
    Array.from({ length: SHAPES_A_PRESET }, (_, k) => (preset * SHAPES_A_PRESET + k) % ARKIT_COUNT);
  return {
    preset: Object.fromEntries(PRESETS.map((name, index) => [name, expression(faceNode, shapesOf(index))])),
    custom: Object.fromEntries(ARKIT_BLENDSHAPES.map((name, index) => [name, expression(faceNode, [index])])),
  };
}

function lookAt(): object {
  const range = { inputMaxValue: 90, outputScale: 10 };
  return {
    offsetFromHeadBone: [0, 0.06, 0],
    type: 'bone',
    rangeMapHorizontalInner: range,
    rangeMapHorizontalOuter: range,
    rangeMapVerticalDown: range,
    rangeMapVerticalUp: range,
  };
}

/** `VRMC_vrm`: humanoid, gaze by eye bones, 13 presets, and the 52 ARKit shapes as custom expressions. */
function vrmcVrm(faceNode: number): object {
  return {
    specVersion: '1.0',
    meta: { name: 'Heavy', authors: ['Parley'], licenseUrl: 'https://vrm.dev/licenses/1.0/' },
    humanoid: { humanBones: Object.fromEntries(REST_JOINTS.map(({ name }, node) => [name, { node }])) },
    expressions: expressions(faceNode),
    lookAt: lookAt(),
  };
}

function spring(name: string, chain: SpringChain, colliderGroup: number): object {
  return { name, joints: chain.map((node) => ({ node, ...JOINT })), colliderGroups: [colliderGroup] };
}

/** `VRMC_springBone`: hair that touches head and shoulders, a skirt that touches the legs. */
function vrmcSpringBone({ bones, hair, skirt }: HeavySkeleton): object {
  const nodes = [...TRUNK, ...ARMS, ...LEGS].map((name) => bones.findIndex((bone) => bone.name === name));
  const sphere = { sphere: { offset: [0, 0, 0], radius: 0.07 } };
  const indices = nodes.map((_, index) => index);
  return {
    specVersion: '1.0',
    colliders: nodes.map((node) => ({ node, shape: sphere })),
    colliderGroups: [
      { name: 'upper', colliders: indices.slice(0, UPPER_COUNT) },
      { name: 'legs', colliders: indices.slice(UPPER_COUNT) },
    ],
    springs: [
      ...hair.map((chain, index) => spring(`hair${index}`, chain, 0)),
      ...skirt.map((chain, index) => spring(`skirt${index}`, chain, 1)),
    ],
  };
}

/** `VRMC_node_constraint` of a twist bone. */
function vrmcNodeConstraint(source: number): object {
  return { specVersion: '1.0', constraint: { roll: { source, rollAxis: 'X', weight: 0.5 } } };
}

/** `VRMC_materials_mtoon`, with an outline where asked for. */
function vrmcMtoon(texture: number, outlined: boolean): object {
  return {
    specVersion: '1.0',
    transparentWithZWrite: false,
    renderQueueOffsetNumber: 0,
    shadeColorFactor: [0.7, 0.6, 0.6],
    shadeMultiplyTexture: { index: texture },
    shadingShiftFactor: -0.05,
    shadingToonyFactor: 0.95,
    giEqualizationFactor: 0.9,
    rimLightingMixFactor: 1,
    outlineWidthMode: outlined ? 'worldCoordinates' : 'none',
    outlineWidthFactor: outlined ? OUTLINE_WIDTH : 0,
    outlineColorFactor: [0.1, 0.05, 0.05],
    outlineLightingMixFactor: 1,
  };
}

const TEXTURE_SIZE = 64;
const MESHES = ['Face', 'Body', 'Hair'] as const;
const EXTENSIONS = ['VRMC_vrm', 'VRMC_materials_mtoon', 'VRMC_springBone', 'VRMC_node_constraint'] as const;

function addBones(glb: GlbWriter, { bones, twists }: HeavySkeleton): void {
  const sources = new Map(twists);
  bones.forEach(({ name, parent, at }, index) => {
    const from = bones[parent]?.at ?? [0, 0, 0];
    const children = bones.flatMap((bone, child) => (bone.parent === index ? [child] : []));
    const source = sources.get(index);
    const node: GltfNode & { extensions?: object } = {
      name,
      translation: at.map((value, axis) => value - from[axis]!),
      ...(children.length > 0 ? { children } : {}),
      ...(source === undefined ? {} : { extensions: { VRMC_node_constraint: vrmcNodeConstraint(source) } }),
    };
    glb.json.nodes.push(node);
  });
}

/** One skin of all bones per mesh, as exporters write them. */
function addSkins(glb: GlbWriter, { bones }: HeavySkeleton): void {
  const inverses = bones.flatMap(({ at: [x, y, z] }) => [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, -x, -y, -z, 1]);
  const inverseBindMatrices = glb.addAccessor(Float32Array.from(inverses), 'MAT4');
  const joints = bones.map((_, index) => index);
  for (const _ of MESHES) glb.json.skins.push({ joints, skeleton: 0, inverseBindMatrices });
}

/** One texture per material; small, since its size costs the main thread nothing per frame. */
function addTexture(glb: GlbWriter, shade: number): number {
  const pixels = new Uint8Array(TEXTURE_SIZE * TEXTURE_SIZE * 4).map((_, i) => (i % 4 === 3 ? 255 : 160 + shade * 5));
  const png = encodePng(TEXTURE_SIZE, TEXTURE_SIZE, pixels);
  const source = glb.json.images.push({ bufferView: glb.addView(png), mimeType: 'image/png' }) - 1;
  return glb.json.textures.push({ source }) - 1;
}

function addMaterial(glb: GlbWriter, part: HeavyPart, index: number): number {
  const texture = addTexture(glb, index);
  const material = {
    name: part.name,
    pbrMetallicRoughness: { baseColorTexture: { index: texture }, metallicFactor: 0, roughnessFactor: 0.9 },
    extensions: { VRMC_materials_mtoon: vrmcMtoon(texture, part.outlined) },
  };
  return glb.json.materials.push(material) - 1;
}

function addPrimitive(glb: GlbWriter, part: HeavyPart, index: number, { bones }: HeavySkeleton): GltfPrimitive {
  const geometry = heavyGeometry(part, bones);
  const target = GL.arrayBuffer;
  const morphs = part.mesh === 'Face' ? ARKIT_BLENDSHAPES : [];
  const targets = morphs.map((_, shape) => ({
    POSITION: glb.addSparseVec3(heavyMorph(geometry, shape, ARKIT_COUNT)),
  }));
  return {
    attributes: {
      POSITION: glb.addAccessor(geometry.positions, 'VEC3', { target, bounded: true }),
      NORMAL: glb.addAccessor(geometry.normals, 'VEC3', { target }),
      TEXCOORD_0: glb.addAccessor(geometry.uvs, 'VEC2', { target }),
      JOINTS_0: glb.addAccessor(geometry.joints, 'VEC4', { target }),
      WEIGHTS_0: glb.addAccessor(geometry.weights, 'VEC4', { target }),
    },
    indices: glb.addAccessor(geometry.triangles, 'SCALAR', { target: GL.elementArrayBuffer }),
    material: addMaterial(glb, part, index),
    ...(targets.length > 0 ? { targets } : {}),
  };
}

function addMeshes(glb: GlbWriter, skeleton: HeavySkeleton): void {
  const primitives = heavyParts(skeleton).map((part, index) => ({
    mesh: part.mesh,
    primitive: addPrimitive(glb, part, index, skeleton),
  }));
  for (const name of MESHES) {
    const own = primitives.flatMap(({ mesh, primitive }) => (mesh === name ? [primitive] : []));
    const face = { weights: ARKIT_BLENDSHAPES.map(() => 0), extras: { targetNames: [...ARKIT_BLENDSHAPES] } };
    glb.json.meshes.push({ name, primitives: own, ...(name === 'Face' ? face : {}) });
  }
  const nodes = MESHES.map((name, mesh) => glb.json.nodes.push({ name, mesh, skin: mesh }) - 1);
  glb.json.scenes.push({ nodes: [0, ...nodes] });
}

/**
 * A VRM 1.0 as heavy as VRoid Studio exports: 40,000 triangles in 15 primitives of three skinned meshes, each primitive with
 * its own MToon material and texture, eight outlined; 161 bones; 52 shapes on each of the seven face primitives, 13 presets
 * over them; 22 spring chains of 100 joints with 17 colliders; six roll constraints. It looks like a bunch of balloons: only
 * its cost counts.
 */
export function heavyAvatar(): Buffer {
  const glb = new GlbWriter('Parley scene benchmark');
  const skeleton = heavySkeleton();
  addBones(glb, skeleton);
  addSkins(glb, skeleton);
  addMeshes(glb, skeleton);
  glb.json.extensionsUsed.push(...EXTENSIONS);
  glb.json.extensions['VRMC_vrm'] = vrmcVrm(skeleton.bones.length);
  glb.json.extensions['VRMC_springBone'] = vrmcSpringBone(skeleton);
  return glb.toBytes();
}
