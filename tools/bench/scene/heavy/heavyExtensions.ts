import { ARKIT_BLENDSHAPES, ARKIT_COUNT } from '@/lib/pose/arkit';
import { REST_JOINTS } from '@/tools/avatars/skeleton/restSkeleton';
import type { HeavySkeleton, SpringChain } from './heavySkeleton';

/** Metres and shares of the specification's examples. */
const JOINT = { hitRadius: 0.02, stiffness: 1, gravityPower: 0.1, gravityDir: [0, -1, 0], dragForce: 0.4 } as const;
const OUTLINE_WIDTH = 0.002;
const TRUNK = ['head', 'neck', 'upperChest', 'chest', 'hips'] as const;
const ARMS = ['Shoulder', 'UpperArm', 'LowerArm', 'Hand'].flatMap((name) => [`left${name}`, `right${name}`]);
const LEGS = ['UpperLeg', 'LowerLeg'].flatMap((name) => [`left${name}`, `right${name}`]);
const UPPER_COUNT = TRUNK.length + ARMS.length;

/** Presets of feelings, mouth and lids: each moves this many shapes. */
const PRESETS = [
  ...['happy', 'angry', 'sad', 'relaxed', 'surprised'],
  ...['aa', 'ih', 'ou', 'ee', 'oh', 'blink', 'blinkLeft', 'blinkRight'],
] as const;
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

/** `VRMC_vrm`: humanoid, eyes turned by bones, 13 presets and the 52 ARKit shapes as custom expressions. */
export function vrmcVrm(faceNode: number): object {
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

/** `VRMC_springBone`: hair that falls on head and shoulders, a skirt that falls on the legs. */
export function vrmcSpringBone({ bones, hair, skirt }: HeavySkeleton): object {
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
export function vrmcNodeConstraint(source: number): object {
  return { specVersion: '1.0', constraint: { roll: { source, rollAxis: 'X', weight: 0.5 } } };
}

/** `VRMC_materials_mtoon`, with an outline where asked for. */
export function vrmcMtoon(texture: number, outlined: boolean): object {
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
