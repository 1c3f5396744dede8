import { BONE_COUNT } from '@/lib/pose/bones';
import { FACE_OFFSET, GAZE_OFFSET, HIPS_OFFSET, type Pose } from '@/lib/pose/pose';
import { BodyFeedback } from './bodyFeedback';
import {
  BONE_UNIT,
  FACE_CHANNEL,
  FACE_UNIT,
  GAZE_CHANNEL,
  ROTATION_CHANNEL,
  UNIT_CHANNEL,
  UNIT_CHANNELS,
  UNIT_COUNT,
} from './channels';
import type { PoseStream } from './poseStream';
import { chooseResiduals, createWanted } from './quantiser';
import type { RangeCoder } from './rangeCoder';
import { nearestRotationVector } from './rotationMap';
import { GREATEST, LEAST, PLACES_PER_STEP, STEPS, UNITS_PER_ONE } from './steps';

/** The place in a pose of the first channel that is no rotation, less that channel. */
function poseAt(channel: number): number {
  if (channel < ROTATION_CHANNEL) return HIPS_OFFSET + channel;
  if (channel < GAZE_CHANNEL) return FACE_OFFSET + channel - FACE_CHANNEL;
  return GAZE_OFFSET + channel - GAZE_CHANNEL;
}

function isBone(unit: number): boolean {
  return unit >= BONE_UNIT && unit < FACE_UNIT;
}

/** Encodes single frames into a stream: what each unit aims at, which residuals are worth sending, and sending them. */
export class FrameWriter {
  private readonly feedback = new BodyFeedback();
  private readonly rotation = new Float64Array(4);
  /** The rotation vector each bone decoded to last, radians: over keyframes too, so that it goes on the same way round. */
  private readonly vectors = new Float64Array(BONE_COUNT * 3);
  /** What the present unit aims at, 1/65536 radian, metre or weight, within the channels' bounds. */
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

  /** Writes a frame `blend` / 256 of the way from the anchor before to the present one, into `places`. */
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

  /** Chooses the residuals that take a unit from where it is expected towards what it aims at. */
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
      // What is no number passes both bounds and becomes 0.
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
