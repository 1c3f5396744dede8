import type { PoseEncoder } from '@/lib/codec/codec';
import {
  ALL_PARTS,
  createPose,
  FACE_OFFSET,
  GAZE_OFFSET,
  type Pose,
  PosePart,
  ROTATIONS_OFFSET,
} from '@/lib/pose/pose';
import { setNormalizedQuat } from '@/lib/pose/quat';

type Random = () => number;

const PACKETS = 64;
const KEYFRAME_SHARE = 0.3;
const CHANGE_SHARE = 0.05;
const WILD_SHARE = 0.02;
const JITTER = 0.05;
const BODY = PosePart.hips | PosePart.upperBody | PosePart.legs;
const PART_SETS = [ALL_PARTS, ALL_PARTS, BODY, PosePart.face | PosePart.gaze, PosePart.upperBody, PosePart.hips, 0];
const STEPS_MS = [0, 1, 33, 33, 50, 100, 400, 6000];

/** Moves every number of `pose` a little, or to anywhere. */
function stir(pose: Pose, random: Random): void {
  const { values } = pose;
  const reach = random() < WILD_SHARE ? 3 : JITTER * random();
  for (let k = 0; k < values.length; k += 1) values[k] = values[k]! + reach * (2 * random() - 1);
  for (let at = ROTATIONS_OFFSET; at < FACE_OFFSET; at += 4) {
    setNormalizedQuat(values[at]!, values[at + 1]!, values[at + 2]!, values[at + 3]!, values, at);
  }
  for (let k = FACE_OFFSET; k < GAZE_OFFSET; k += 1) values[k] = Math.max(0, Math.min(1, values[k]!));
}

/** A packet as it was sent. */
export interface TapePacket {
  readonly bytes: Uint8Array;
  /** Whether a keyframe was requested; a sender also sends some by itself. */
  readonly isKeyframe: boolean;
}

/** A sender whose poses, parts, settings and times change more wildly than any person's. */
export class TapeSender {
  private readonly pose = createPose();
  private timeMs = 0;

  constructor(
    private readonly encoder: PoseEncoder,
    private readonly random: Random,
  ) {
    this.pose.parts = ALL_PARTS;
    this.timeMs = Math.floor(random() * 2 ** 32);
  }

  /** Encodes until a packet is finished and returns a copy. `isKeyframe` requests a keyframe. */
  next(isKeyframe = this.random() < KEYFRAME_SHARE): TapePacket {
    if (isKeyframe) this.encoder.requestKeyframe();
    for (;;) {
      this.change();
      stir(this.pose, this.random);
      const size = this.encoder.encode(this.pose, this.timeMs);
      if (size > 0) return { bytes: this.encoder.packet.slice(0, size), isKeyframe };
    }
  }

  private change(): void {
    const pick = <Item>(items: readonly Item[]) => items[Math.floor(this.random() * items.length)]!;
    this.timeMs += this.random() < CHANGE_SHARE ? pick(STEPS_MS) : 33;
    if (this.random() < CHANGE_SHARE) this.pose.parts = pick(PART_SETS);
    if (this.random() < CHANGE_SHARE) this.encoder.compression = Math.floor(this.random() * 10);
    if (this.random() < CHANGE_SHARE) this.encoder.framesPerPacket = 1 + Math.floor(this.random() * 3);
  }
}

/** Consecutive packets of one sender. */
export function recordTape(sender: TapeSender): TapePacket[] {
  return Array.from({ length: PACKETS }, (_, index) => (index === 0 ? sender.next(true) : sender.next()));
}
