import { BONE_PARTS } from '@/lib/pose/boneParts';
import { BONE_COUNT, BONE_INDEX, BONE_PARENTS, BONES, type BoneName } from '@/lib/pose/bones';
import { CANONICAL_OFFSETS, HIPS_REST_HEIGHT_M } from '@/lib/pose/canonicalBody';
import { copyPose, createPose, HIPS_OFFSET, type Pose, PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { setNormalizedQuat, slerpQuat } from '@/lib/pose/quat';

/** BVH files are in centimetres by custom. */
const UNITS_PER_M = 100;
const DEGREES = 180 / Math.PI;
/** Decimals of degrees and centimetres. */
const DECIMALS = 3;
/** From this sine on the middle angle is a right one, and the outer two turn about the same axis. */
const POLE = 1 - 1e-9;

/** Where nothing came for longer, what was last seen holds until shortly before it goes on. */
const HOLD_AFTER_MS = 500;
const HOLD_LEAD_MS = 100;

/** Mixamo's names, which most programs know. */
const JOINT_NAMES: Partial<Record<BoneName, string>> = {
  hips: 'Hips',
  spine: 'Spine',
  chest: 'Spine1',
  upperChest: 'Spine2',
  neck: 'Neck',
  head: 'Head',
};
const SIDE_NAMES: Readonly<Record<string, string>> = {
  UpperLeg: 'UpLeg',
  LowerLeg: 'Leg',
  Foot: 'Foot',
  Toes: 'ToeBase',
  Shoulder: 'Shoulder',
  UpperArm: 'Arm',
  LowerArm: 'ForeArm',
  Hand: 'Hand',
};
const FINGER = /^(Thumb|Index|Middle|Ring|Little)(Metacarpal|Proximal|Intermediate|Distal)$/;

function fingerName(finger: string, joint: string): string {
  const joints = finger === 'Thumb' ? ['Metacarpal', 'Proximal', 'Distal'] : ['Proximal', 'Intermediate', 'Distal'];
  return `Hand${finger === 'Little' ? 'Pinky' : finger}${joints.indexOf(joint) + 1}`;
}

function jointName(bone: BoneName): string {
  const [, side, rest] = /^(left|right)(.+)$/.exec(bone) ?? [];
  if (!side || !rest) return JOINT_NAMES[bone]!;
  const [, finger, joint] = FINGER.exec(rest) ?? [];
  return `${side === 'left' ? 'Left' : 'Right'}${finger && joint ? fingerName(finger, joint) : SIDE_NAMES[rest]!}`;
}

const fixed = (value: number) => (Math.abs(value) < 0.5 * 10 ** -DECIMALS ? 0 : value).toFixed(DECIMALS);

/** x y z of a bone in the T-pose, centimetres. The head stands right above the neck (P-5), so that nothing is turned at rest. */
function offsetText(bone: number): string {
  const [x = 0, y = 0, z = 0] = CANONICAL_OFFSETS.subarray(bone * 3, bone * 3 + 3);
  return [x, y, bone === BONE_INDEX.head ? 0 : z].map((metres) => fixed(metres * UNITS_PER_M)).join(' ');
}

/** Where a bone without children ends, centimetres: toes on the floor, the head upwards, fingers along themselves. */
function endText(bone: number): string {
  const name = BONES[bone]!;
  if (name === 'head') return '0.000 18.000 0.000';
  if (name.endsWith('Toes')) return `0.000 ${fixed(-toesHeightM() * UNITS_PER_M)} 5.000`;
  return offsetText(bone);
}

function toesHeightM(): number {
  const chain: BoneName[] = ['leftUpperLeg', 'leftLowerLeg', 'leftFoot', 'leftToes'];
  return chain.reduce((height, bone) => height + CANONICAL_OFFSETS[BONE_INDEX[bone] * 3 + 1]!, HIPS_REST_HEIGHT_M);
}

const childrenOf = (bone: number) => BONES.map((_, child) => child).filter((child) => BONE_PARENTS[child] === bone);

/** The joints in the order in which a file lists them, and so their channels: depth first. */
function depthFirst(bone: number): number[] {
  return [bone, ...childrenOf(bone).flatMap(depthFirst)];
}

const FILE_ORDER = depthFirst(BONE_INDEX.hips);

function jointText(bone: number, indent: string): string {
  const isRoot = BONE_PARENTS[bone]! < 0;
  const within = `${indent}\t`;
  const places = isRoot ? '6 Xposition Yposition Zposition' : '3';
  const children = childrenOf(bone);
  const below =
    children.length > 0
      ? children.map((child) => jointText(child, within)).join('')
      : `${within}End Site\n${within}{\n${within}\tOFFSET ${endText(bone)}\n${within}}\n`;
  return [
    `${indent}${isRoot ? 'ROOT' : 'JOINT'} ${jointName(BONES[bone]!)}\n${indent}{\n`,
    `${within}OFFSET ${isRoot ? '0.000 0.000 0.000' : offsetText(bone)}\n`,
    `${within}CHANNELS ${places} Zrotation Xrotation Yrotation\n`,
    below,
    `${indent}}\n`,
  ].join('');
}

const HIERARCHY = `HIERARCHY\n${jointText(BONE_INDEX.hips, '')}`;

const unit = new Float64Array(4);

/** The angles of a rotation about z, then the new x, then the new y, degrees. */
export function eulerZxy(values: Float32Array, at: number): readonly [z: number, x: number, y: number] {
  // In single precision its length is not quite 1, which near right angles would be all that is left.
  setNormalizedQuat(values[at]!, values[at + 1]!, values[at + 2]!, values[at + 3]!, unit, 0);
  const [x = 0, y = 0, z = 0, w = 1] = unit;
  const sine = Math.max(-1, Math.min(1, 2 * (y * z + w * x)));
  const middle = Math.asin(sine);
  if (Math.abs(sine) > POLE) {
    return [Math.atan2(2 * (x * y + w * z), 1 - 2 * (y * y + z * z)) * DEGREES, middle * DEGREES, 0];
  }
  const outer = Math.atan2(2 * (w * z - x * y), 1 - 2 * (x * x + z * z));
  const inner = Math.atan2(2 * (w * y - x * z), 1 - 2 * (x * x + y * y));
  return [outer * DEGREES, middle * DEGREES, inner * DEGREES];
}

/** What a writer makes. */
export interface BvhShape {
  /** The recording's time of the first frame and the last, ms. */
  readonly startMs: number;
  readonly endMs: number;
  readonly fps: number;
}

/**
 * Writes one person's motion as BVH: the T-posed canonical body under Mixamo's names, in centimetres, at a steady rate. Where a part was not
 * sent, or nothing came for a while, what was last seen holds; parts that were never sent are at rest. BVH has no face and no gaze.
 */
export class BvhWriter {
  private readonly frameCount: number;
  private readonly before = createPose();
  private readonly after = createPose();
  private readonly drawn = createPose();
  private beforeMs = Number.NaN;
  private afterMs = Number.NaN;
  private frame = 0;

  /** `write` gets the text piece by piece. */
  constructor(
    private readonly shape: BvhShape,
    private readonly write: (text: string) => void,
  ) {
    const { startMs, endMs, fps } = shape;
    this.frameCount = Math.max(1, Math.floor(((endMs - startMs) * fps) / 1000) + 1);
    const frameTime = (1 / fps).toFixed(7);
    write(`${HIERARCHY}MOTION\nFrames: ${this.frameCount}\nFrame Time: ${frameTime}\n`);
  }

  /** Adds a frame of the recording's time `timeMs`, which is later than the one before. */
  add(pose: Pose, timeMs: number): void {
    copyPose(this.after, this.before);
    this.beforeMs = this.afterMs;
    this.update(pose);
    this.afterMs = timeMs;
    while (this.frame < this.frameCount && this.frameMs <= timeMs) this.writeFrame();
  }

  /** Writes the frames that are left. Nothing may be added after it. */
  finish(): void {
    copyPose(this.after, this.before);
    this.beforeMs = Number.NaN;
    while (this.frame < this.frameCount) this.writeFrame();
  }

  private get frameMs(): number {
    return this.shape.startMs + (this.frame * 1000) / this.shape.fps;
  }

  /** Takes what was sent; the rest stays as it was. */
  private update({ values, parts }: Pose): void {
    const to = this.after.values;
    if (parts & PosePart.hips) to.set(values.subarray(HIPS_OFFSET, ROTATIONS_OFFSET), HIPS_OFFSET);
    for (let bone = 0; bone < BONE_COUNT; bone += 1) {
      const at = ROTATIONS_OFFSET + bone * 4;
      if (parts & BONE_PARTS[bone]!) to.set(values.subarray(at, at + 4), at);
    }
  }

  private writeFrame(): void {
    const { drawn } = this;
    this.blend();
    const numbers: string[] = [];
    for (let k = 0; k < 3; k += 1) {
      const metres = drawn.values[HIPS_OFFSET + k]! + (k === 1 ? HIPS_REST_HEIGHT_M : 0);
      numbers.push(fixed(metres * UNITS_PER_M));
    }
    for (const bone of FILE_ORDER) numbers.push(...eulerZxy(drawn.values, ROTATIONS_OFFSET + bone * 4).map(fixed));
    this.write(`${numbers.join(' ')}\n`);
    this.frame += 1;
  }

  /** The pose of this frame, between the two around it. */
  private blend(): void {
    const { before, after, drawn } = this;
    const spanMs = this.afterMs - this.beforeMs;
    const moveMs = spanMs > HOLD_AFTER_MS ? HOLD_LEAD_MS : spanMs;
    const amount = moveMs > 0 ? Math.max(0, 1 - (this.afterMs - this.frameMs) / moveMs) : 1;
    for (let k = HIPS_OFFSET; k < ROTATIONS_OFFSET; k += 1) {
      drawn.values[k] = before.values[k]! * (1 - amount) + after.values[k]! * amount;
    }
    for (let bone = 0; bone < BONE_COUNT; bone += 1) {
      const at = ROTATIONS_OFFSET + bone * 4;
      slerpQuat(before.values, at, after.values, at, amount, drawn.values, at);
    }
  }
}
