import { ARKIT_BLENDSHAPES } from '@/lib/pose/arkit';
import { BOUND_PRESETS, MODELLED_PRESETS } from '../face/faceWeights';
import { REST_JOINTS } from '../skeleton/restSkeleton';

/** Node indices and morph names the extension refers to. */
export interface VrmReferences {
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

/** Free to copy, change, sell and pass on without credit; not for violent, sexual or hateful use. */
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
export function vrmExtension(refs: VrmReferences): object {
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
