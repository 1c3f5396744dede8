import { BODY_BONE_COUNT, BONE_COUNT, BONE_PARENTS } from '@/lib/pose/bones';
import { FACE_OFFSET, GAZE_OFFSET, HIPS_OFFSET, type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { copyQuat, identityQuat, mulConjugateQuat, mulQuat } from '@/lib/pose/quat';
import {
  BONE_UNIT,
  FACE_CHANNEL,
  FACE_UNIT,
  GAZE_CHANNEL,
  ROTATION_CHANNEL,
  UNIT_CHANNEL,
  UNIT_CHANNELS,
  UNIT_CHANNELS_MAX,
  UNIT_COUNT,
} from './channels';
import type { PoseStream } from './poseStream';
import type { RangeCoder } from './rangeCoder';
import { exactRotation, nearestRotationVector } from './rotationMap';
import { GREATEST, LEAST, PLACES_PER_STEP, STEPS, UNITS_PER_ONE } from './steps';

/** The first step is taken from this much of it on; less is not worth the bit for its sign. */
const FIRST_STEP_FROM = 0.7;
/** Further steps are taken from this much of them on: more than half, because small residuals are likelier. */
const NEXT_STEP_FROM = 0.56;
/**
 * What a bit is worth, in squared steps of error. Later frames are predicted from an anchor, error included; the error
 * of a frame between anchors harms that frame alone.
 */
const ANCHOR_BIT_WORTH = 0.17;
const BETWEEN_BIT_WORTH = 1;
/** Bits that a moving unit costs beyond its flag: for each channel that moves, and for each step of that channel. */
const BITS_PER_CHANNEL = 2.5;
const BITS_PER_STEP = 1.2;

const PROBABILITY_SHIFT = 8;
/** Bits that an event costs, by its probability in 1/256. */
const BITS = Float64Array.from({ length: 257 }, (_, p) => -Math.log2(Math.max(0.25, p) / 256));

function rounded(wanted: Float64Array, at: number): number {
  const amount = Math.abs(wanted[at]!);
  if (amount < FIRST_STEP_FROM) return 0;
  const size = Math.max(1, Math.floor(amount + 1 - NEXT_STEP_FROM));
  return wanted[at]! < 0 ? -size : size;
}

/**
 * Chooses residuals by what they cost: the whole steps next to `wanted` (steps; `count` of them), or none at all where
 * the error saved is not worth the bits. `probability` (1/65536) is how likely the model finds it that the unit moves.
 * Writes them to `residuals[at..]`. The decoder takes any residuals.
 */
function chooseResiduals(
  wanted: Float64Array,
  count: number,
  probability: number,
  residuals: Int32Array,
  at: number,
  isBetween: boolean,
): void {
  let gain = 0;
  let bits = 0;
  for (let k = 0; k < count; k += 1) {
    const steps = rounded(wanted, k);
    residuals[at + k] = steps;
    if (steps === 0) continue;
    const error = wanted[k]! - steps;
    gain += wanted[k]! * wanted[k]! - error * error;
    bits += BITS_PER_CHANNEL + BITS_PER_STEP * Math.abs(steps);
  }
  const flag = probability >> PROBABILITY_SHIFT;
  const cost = bits + BITS[flag]! - BITS[256 - flag]!;
  if (gain > cost * (isBetween ? BETWEEN_BIT_WORTH : ANCHOR_BIT_WORTH)) return;
  for (let k = 0; k < count; k += 1) residuals[at + k] = 0;
}

/** An array for the wanted steps of a unit. */
function createWanted(): Float64Array {
  return new Float64Array(UNIT_CHANNELS_MAX);
}

/**
 * Parent feedback (encoder only): a body bone aims at its true global rotation as seen from its DECODED parent, so that
 * errors don't add up along the chain.
 */
class BodyFeedback {
  private readonly truth = new Float64Array(BODY_BONE_COUNT * 4);
  private readonly decoded = new Float64Array(BODY_BONE_COUNT * 4);
  private readonly local = new Float64Array(4);

  /**
   * Writes the unit quaternion that `bone` aims at to `out[0..3]`. Call it for each bone in order, and `note` after
   * each.
   */
  aim(pose: Pose, bone: number, out: Float64Array): void {
    readRotation(pose, bone, out);
    if (bone >= BODY_BONE_COUNT) return;
    const parent = BONE_PARENTS[bone]!;
    if (parent < 0) {
      this.truth.set(out, bone * 4);
      return;
    }
    mulQuat(this.truth, parent * 4, out, 0, this.truth, bone * 4);
    mulConjugateQuat(this.decoded, parent * 4, this.truth, bone * 4, out, 0);
  }

  /** Notes what `bone` decodes to: the rotation vector at `vectors[at..]`, radians. */
  note(bone: number, vectors: Float64Array, at: number): void {
    if (bone >= BODY_BONE_COUNT) return;
    exactRotation(vectors, at, 1, this.local, 0);
    this.place(bone);
  }

  /** Notes that `bone` is absent: it is drawn at rest, so it aims at rest. */
  noteAbsent(bone: number): void {
    if (bone >= BODY_BONE_COUNT) return;
    identityQuat(this.local, 0);
    const parent = BONE_PARENTS[bone]!;
    if (parent < 0) identityQuat(this.truth, bone * 4);
    else copyQuat(this.truth, parent * 4, this.truth, bone * 4);
    this.place(bone);
  }

  private place(bone: number): void {
    const parent = BONE_PARENTS[bone]!;
    if (parent < 0) this.decoded.set(this.local, bone * 4);
    else mulQuat(this.decoded, parent * 4, this.local, 0, this.decoded, bone * 4);
  }
}

/** Below this squared length a quaternion has no direction. */
const TINY_SQUARED = 1e-12;

/** Writes the unit quaternion of a bone; the identity where its length is zero or not a number. */
function readRotation(pose: Pose, bone: number, out: Float64Array): void {
  const at = ROTATIONS_OFFSET + bone * 4;
  let squared = 0;
  for (let k = 0; k < 4; k += 1) {
    const part = pose.values[at + k]!;
    out[k] = part;
    squared += part * part;
  }
  if (!(squared > TINY_SQUARED && squared < Number.MAX_VALUE)) {
    identityQuat(out, 0);
    return;
  }
  const scale = 1 / Math.sqrt(squared);
  for (let k = 0; k < 4; k += 1) out[k] = out[k]! * scale;
}

/** Where in a pose the value of a channel lies that is no rotation. */
function poseAt(channel: number): number {
  if (channel < ROTATION_CHANNEL) return HIPS_OFFSET + channel;
  if (channel < GAZE_CHANNEL) return FACE_OFFSET + channel - FACE_CHANNEL;
  return GAZE_OFFSET + channel - GAZE_CHANNEL;
}

function isBone(unit: number): boolean {
  return unit >= BONE_UNIT && unit < FACE_UNIT;
}

/**
 * Encodes single frames into a stream: decides what each unit aims at and which residuals are worth their bits, and
 * codes them.
 */
export class FrameWriter {
  private readonly feedback = new BodyFeedback();
  private readonly rotation = new Float64Array(4);
  /**
   * The rotation vector each bone last decoded to, radians; kept over keyframes, so that it stays on the same side of a
   * turn.
   */
  private readonly vectors = new Float64Array(BONE_COUNT * 3);
  /** What the present unit aims at, in 1/65536 radian, metre or weight, within the channels' bounds. */
  private readonly aim = new Float64Array(3);
  private readonly wanted = createWanted();

  constructor(
    private readonly stream: PoseStream,
    private readonly coder: RangeCoder,
  ) {}

  /** Writes the newest frame of a packet. */
  writeAnchor(pose: Pose): void {
    const { stream } = this;
    for (let unit = 0; unit < UNIT_COUNT; unit += 1) {
      if (!stream.has(unit)) this.noteAbsent(unit);
      else if (stream.isFresh(unit)) this.writeAbsolute(pose, unit);
      else this.writeExpected(pose, unit);
    }
  }

  /** Writes a frame that lies at `blend` / 256 between the anchor before and the present one, into `places`. */
  writeBetween(pose: Pose, blend: number, places: Int32Array): void {
    const { stream } = this;
    stream.startBetween();
    for (let unit = 0; unit < UNIT_COUNT; unit += 1) {
      if (!stream.has(unit)) this.noteAbsent(unit);
      else this.writeMixed(pose, unit, blend, places);
    }
  }

  private noteAbsent(unit: number): void {
    if (isBone(unit)) this.feedback.noteAbsent(unit - BONE_UNIT);
  }

  private writeAbsolute(pose: Pose, unit: number): void {
    const { stream } = this;
    const first = UNIT_CHANNEL[unit]!;
    const steps = STEPS[stream.compression]!;
    this.setAim(pose, unit);
    for (let k = 0; k < UNIT_CHANNELS[unit]!; k += 1) {
      stream.absolutes.steps[first + k] = Math.round(this.aim[k]! / steps[first + k]!);
    }
    stream.codeAbsolute(this.coder, unit);
    this.noteWritten(unit, stream.lattice.anchor);
  }

  private writeExpected(pose: Pose, unit: number): void {
    const { stream } = this;
    stream.prepareAnchor(unit);
    this.choose(pose, unit, stream.lattice.anchor, stream.anchors.residuals, false);
    stream.codeAnchor(this.coder, unit);
    this.noteWritten(unit, stream.lattice.anchor);
  }

  private writeMixed(pose: Pose, unit: number, blend: number, places: Int32Array): void {
    const { stream } = this;
    stream.prepareBetween(unit, blend, places);
    this.choose(pose, unit, places, stream.others.residuals, true);
    stream.codeBetween(this.coder, unit, places);
    this.noteWritten(unit, places);
  }

  /** Chooses the residuals that take a unit from where it is expected to what it aims at. */
  private choose(pose: Pose, unit: number, expected: Int32Array, residuals: Int32Array, isBetween: boolean): void {
    const first = UNIT_CHANNEL[unit]!;
    const count = UNIT_CHANNELS[unit]!;
    const steps = STEPS[this.stream.compression]!;
    this.setAim(pose, unit);
    for (let k = 0; k < count; k += 1) {
      this.wanted[k] = this.aim[k]! / steps[first + k]! - expected[first + k]! / PLACES_PER_STEP;
    }
    chooseResiduals(this.wanted, count, this.stream.probability, residuals, first, isBetween);
  }

  private setAim(pose: Pose, unit: number): void {
    const { aim } = this;
    const first = UNIT_CHANNEL[unit]!;
    const count = UNIT_CHANNELS[unit]!;
    if (isBone(unit)) {
      this.feedback.aim(pose, unit - BONE_UNIT, this.rotation);
      nearestRotationVector(this.rotation, this.vectors, first - ROTATION_CHANNEL, aim);
    } else {
      const from = poseAt(first);
      for (let k = 0; k < count; k += 1) aim[k] = pose.values[from + k]!;
    }
    for (let k = 0; k < count; k += 1) {
      // NaN passes both bounds and becomes 0.
      const units = aim[k]! * UNITS_PER_ONE;
      aim[k] = Math.max(LEAST[first + k]!, Math.min(GREATEST[first + k]!, units)) || 0;
    }
  }

  private noteWritten(unit: number, places: Int32Array): void {
    if (!isBone(unit)) return;
    const { vectors } = this;
    const first = UNIT_CHANNEL[unit]!;
    const at = first - ROTATION_CHANNEL;
    const steps = STEPS[this.stream.compression]!;
    for (let k = 0; k < 3; k += 1) {
      vectors[at + k] = (places[first + k]! * steps[first + k]!) / (UNITS_PER_ONE * PLACES_PER_STEP);
    }
    this.feedback.note(unit - BONE_UNIT, vectors, at);
  }
}
