import { ARKIT_BLENDSHAPES, ARKIT_INDEX, type ArkitBlendshape } from '@/lib/pose/arkit';
import { BONE_PARTS } from '@/lib/pose/boneParts';
import { BONE_COUNT, BONE_PARENTS, BONES } from '@/lib/pose/bones';
import { CANONICAL_OFFSETS, HIPS_REST_HEIGHT_M } from '@/lib/pose/canonicalBody';
import { FACE_OFFSET, GAZE_OFFSET, HIPS_OFFSET, type Pose, PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { quatFromEuler } from '@/lib/pose/quat';
import { VRM_EXPRESSIONS } from '@/lib/pose/vrmExpressions';
import { GltfAnimation } from './glb';
import { RotationThinner, VectorThinner } from './keyThinner';
import {
  type MotionChannel,
  MotionChannels,
  PLACE_TOLERANCE_M,
  ROTATION_TOLERANCE_RAD,
  WEIGHT_TOLERANCE,
} from './motionChannels';

/** It has no data but its animation. */
const NO_BYTES = new Uint8Array(0);

/** Where eyes are above the head bone of the canonical body, metres. */
const EYES_OFFSET = [0, 0.06, 0];

/** Presets that say what the ARKit weights say; `blink` is both of its halves, looks are the gaze's. */
const PRESETS = ['aa', 'ih', 'ou', 'ee', 'oh', 'blinkLeft', 'blinkRight', 'happy', 'sad', 'angry', 'surprised'];

/** The share of each ARKit weight in a preset. */
type Mix = ReadonlyArray<readonly [weightAt: number, share: number]>;

function mixOf(preset: string): Mix {
  const shares = Object.entries(VRM_EXPRESSIONS[preset]!);
  return shares.map(([name, share]) => [FACE_OFFSET + ARKIT_INDEX[name as ArkitBlendshape], share]);
}

const EXPRESSIONS_AT = BONE_COUNT;
const PRESETS_AT = EXPRESSIONS_AT + ARKIT_BLENDSHAPES.length;
const GAZE_AT = PRESETS_AT + PRESETS.length;

function boneChannel(bone: number): MotionChannel {
  const from = ROTATIONS_OFFSET + bone * 4;
  return {
    node: bone,
    path: 'rotation',
    part: BONE_PARTS[bone]!,
    thinner: new RotationThinner(ROTATION_TOLERANCE_RAD),
    size: 4,
    read: (values, out) => {
      for (let k = 0; k < 4; k += 1) out[k] = values[from + k]!;
    },
  };
}

/** An expression's weight is the x of its node (VRMC_vrm_animation 1.0). */
function weightChannel(node: number, weightOf: (values: Float32Array) => number): MotionChannel {
  return {
    node,
    path: 'translation',
    part: PosePart.face,
    thinner: new VectorThinner(3, WEIGHT_TOLERANCE),
    size: 3,
    read: (values, out) => {
      out[0] = Math.max(0, Math.min(1, weightOf(values)));
      out[1] = 0;
      out[2] = 0;
    },
  };
}

function presetChannel(preset: string, index: number): MotionChannel {
  const mix = mixOf(preset);
  return weightChannel(PRESETS_AT + index, (values) => mix.reduce((sum, [at, share]) => sum + values[at]! * share, 0));
}

const HIPS_CHANNEL = (): MotionChannel => ({
  node: 0,
  path: 'translation',
  part: PosePart.hips,
  thinner: new VectorThinner(3, PLACE_TOLERANCE_M),
  size: 3,
  read: (values, out) => {
    for (let k = 0; k < 3; k += 1) out[k] = values[HIPS_OFFSET + k]! + (k === 1 ? HIPS_REST_HEIGHT_M : 0);
  },
});

/** A gaze is a turn from straight ahead: yaw about +Y, then pitch, which is about -X as positive looks up (P-7). */
const GAZE_CHANNEL = (): MotionChannel => ({
  node: GAZE_AT,
  path: 'rotation',
  part: PosePart.gaze,
  thinner: new RotationThinner(ROTATION_TOLERANCE_RAD),
  size: 4,
  read: (values, out) => quatFromEuler(-values[GAZE_OFFSET + 1]!, values[GAZE_OFFSET]!, 0, 'YXZ', out, 0),
});

function allChannels(): MotionChannel[] {
  return [
    HIPS_CHANNEL(),
    ...BONES.map((_, bone) => boneChannel(bone)),
    ...ARKIT_BLENDSHAPES.map((_, k) => weightChannel(EXPRESSIONS_AT + k, (values) => values[FACE_OFFSET + k]!)),
    ...PRESETS.map(presetChannel),
    GAZE_CHANNEL(),
  ];
}

function nodesOf(): object[] {
  const children = (bone: number) => BONES.map((_, child) => child).filter((child) => BONE_PARENTS[child] === bone);
  const bones = BONES.map((name, bone) => {
    const translation = [...CANONICAL_OFFSETS.subarray(bone * 3, bone * 3 + 3)];
    const own = children(bone);
    return own.length > 0 ? { name, translation, children: own } : { name, translation };
  });
  const expressions = [...ARKIT_BLENDSHAPES, ...PRESETS].map((name) => ({ name }));
  return [...bones, ...expressions, { name: 'gaze' }];
}

const nodesBy = (names: readonly string[], from: number) =>
  Object.fromEntries(names.map((name, k) => [name, { node: from + k }]));

/** The description of a file, all but what moves. */
function description(): object {
  const nodes = nodesOf();
  const roots = nodes.map((_, node) => node).filter((node) => node === 0 || node >= BONE_COUNT);
  return {
    asset: { version: '2.0', generator: 'Parley' },
    extensionsUsed: ['VRMC_vrm_animation'],
    scene: 0,
    scenes: [{ nodes: roots }],
    nodes,
    extensions: {
      VRMC_vrm_animation: {
        specVersion: '1.0',
        humanoid: { humanBones: nodesBy(BONES, 0) },
        expressions: { preset: nodesBy(PRESETS, PRESETS_AT), custom: nodesBy(ARKIT_BLENDSHAPES, EXPRESSIONS_AT) },
        lookAt: { node: GAZE_AT, offsetFromHeadBone: EYES_OFFSET },
      },
    },
  };
}

/**
 * Writes one person's motion as a VRM animation (VRMC_vrm_animation 1.0): bones of the T-posed canonical body, the place of the hips, the
 * face as ARKit weights (custom expressions) and as the presets nearest to them, the gaze. Parts that were not sent have no keys: a
 * player leaves them to other animations. Where nothing came for a while, what was last seen holds.
 */
export class VrmaWriter {
  private readonly channels: MotionChannels;

  /** `startMs` is the recording's time at which the animation begins; `name` is that of the animation. */
  constructor(
    startMs: number,
    private readonly name: string,
  ) {
    this.channels = new MotionChannels(allChannels(), startMs);
  }

  /** Adds a frame of the recording's time `timeMs`, which is later than the one before. Frames before the start are left out. */
  add(pose: Pose, timeMs: number): void {
    this.channels.add(pose, timeMs);
  }

  /** The file, a GLB; null if there was no frame. Nothing may be added after it. */
  finish(): Uint8Array | null {
    const animation = new GltfAnimation();
    return this.channels.finish(animation) ? animation.toGlb(description(), NO_BYTES, this.name) : null;
  }
}
