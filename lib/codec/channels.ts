import { ARKIT_BLENDSHAPES, ARKIT_COUNT, ARKIT_INDEX, type ArkitBlendshape } from '@/lib/pose/arkit';
import { BONE_PARTS } from '@/lib/pose/boneParts';
import { BODY_BONE_COUNT, BONE_COUNT, BONE_INDEX, BONE_PARENTS, BONES, type BoneName } from '@/lib/pose/bones';
import { PosePart } from '@/lib/pose/pose';

/** Units that move alike share what the models learn about them. */
const Group = { root: 0, trunk: 1, legs: 2, arms: 3, fingers: 4, face: 5, gaze: 6 } as const;
export const GROUP_COUNT = 7;

/** The most channels a unit has: three axes. Others have two sides of the face, or yaw and pitch. */
export const UNIT_CHANNELS_MAX = 3;

/**
 * Channels that are coded together: the hips' place, a bone's rotation, a blendshape and its mirror image, the gaze.
 */
interface Unit {
  readonly group: number;
  /** The unit's `PosePart` bit. */
  readonly part: number;
  /** The first channel, and how many there are. */
  readonly channel: number;
  readonly channelCount: number;
  /** An earlier unit that this one hangs from or moves with; its own index where there is none. */
  readonly parent: number;
  /**
   * An earlier unit that is like this one: the other side's limb, the next finger; its own index where there is none.
   */
  readonly twin: number;
}

/** First unit of the bones, which come after the hips' place. */
export const BONE_UNIT = 1;
export const FACE_UNIT = BONE_UNIT + BONE_COUNT;
/** First channel of the rotations, three for each bone; the hips' place has the channels from 0 on. */
export const ROTATION_CHANNEL = 3;
export const FACE_CHANNEL = ROTATION_CHANNEL + BONE_COUNT * 3;
export const GAZE_CHANNEL = FACE_CHANNEL + ARKIT_COUNT;
/** Number of channels of a whole pose. */
export const CHANNEL_COUNT = GAZE_CHANNEL + 2;

const BONES_PER_FINGER = 3;
const FINGERS_PER_HAND = 5;
const LEG = /UpperLeg|LowerLeg|Foot|Toes/;
const ARM = /Shoulder|Arm|Hand/;

function boneGroup(bone: BoneName, index: number): number {
  if (index >= BODY_BONE_COUNT) return Group.fingers;
  if (LEG.test(bone)) return Group.legs;
  return ARM.test(bone) ? Group.arms : Group.trunk;
}

function boneTwin(bone: BoneName, index: number): number {
  if (index < BODY_BONE_COUNT) return BONE_INDEX[bone.replace('right', 'left') as BoneName];
  const finger = Math.floor((index - BODY_BONE_COUNT) / BONES_PER_FINGER) % FINGERS_PER_HAND;
  return finger === 0 ? index : index - BONES_PER_FINGER;
}

function boneUnit(bone: BoneName, index: number): Unit {
  return {
    group: boneGroup(bone, index),
    part: BONE_PARTS[index]!,
    channel: ROTATION_CHANNEL + index * 3,
    channelCount: 3,
    parent: BONE_UNIT + Math.max(0, BONE_PARENTS[index]!),
    twin: BONE_UNIT + boneTwin(bone, index),
  };
}

/** Whether the shape at `index` is the left one of a pair and the right one follows. */
function beginsPair(index: number): boolean {
  const shape = ARKIT_BLENDSHAPES[index]!;
  return shape.endsWith('Left') && ARKIT_BLENDSHAPES[index + 1] === shape.replace(/Left$/, 'Right');
}

/** For each kind of shape, the shape with which it moves most. */
const FACE_PARENTS: ReadonlyArray<readonly [RegExp, ArkitBlendshape]> = [
  [/^eye(Look|Squint|Wide)/, 'eyeBlinkLeft'],
  [/^(mouth|tongue)/, 'jawOpen'],
  [/^(brow|cheekSquint)/, 'browDownLeft'],
  [/^nose/, 'mouthUpperUpLeft'],
];

function faceUnits(): Unit[] {
  const units: Unit[] = [];
  const unitOfShape: number[] = [];
  for (let shape = 0; shape < ARKIT_COUNT; shape += 1) {
    const own = FACE_UNIT + units.length;
    const channelCount = beginsPair(shape) ? 2 : 1;
    const parentShape = FACE_PARENTS.find(([kind]) => kind.test(ARKIT_BLENDSHAPES[shape]!))?.[1];
    const parent = parentShape === undefined ? own : (unitOfShape[ARKIT_INDEX[parentShape]] ?? own);
    const channel = FACE_CHANNEL + shape;
    unitOfShape[shape] = own;
    units.push({
      group: Group.face,
      part: PosePart.face,
      channel,
      channelCount,
      parent,
      twin: Math.max(FACE_UNIT, own - 1),
    });
    if (channelCount === 2) {
      shape += 1;
      unitOfShape[shape] = own;
    }
  }
  return units;
}

const HIPS_UNIT: Unit = { group: Group.root, part: PosePart.hips, channel: 0, channelCount: 3, parent: 0, twin: 0 };

function allUnits(): Unit[] {
  const units = [HIPS_UNIT, ...BONES.map(boneUnit), ...faceUnits()];
  const own = units.length;
  units.push({
    group: Group.gaze,
    part: PosePart.gaze,
    channel: GAZE_CHANNEL,
    channelCount: 2,
    parent: own,
    twin: own,
  });
  return units;
}

/** All units in the order in which they are coded (SPEC.md, C-11). */
export const UNITS: readonly Unit[] = allUnits();
export const UNIT_COUNT = UNITS.length;

const column = (pick: (unit: Unit) => number): Uint8Array => Uint8Array.from(UNITS, pick);

/** {@link UNITS} by columns, for fast loops. */
export const UNIT_GROUP = column((unit) => unit.group);
export const UNIT_PART = column((unit) => unit.part);
export const UNIT_CHANNEL = column((unit) => unit.channel);
export const UNIT_CHANNELS = column((unit) => unit.channelCount);
export const UNIT_PARENT = column((unit) => unit.parent);
export const UNIT_TWIN = column((unit) => unit.twin);
