import { copyPose, createPose, type Pose } from '@/lib/pose/pose';

/** A frame that waits for its packet. */
export interface WaitingFrame {
  readonly pose: Pose;
  timeMs: number;
}

/** Gathers the frames of one packet for peers that have no such thing themselves. */
export class PacketBatch {
  readonly frames: readonly WaitingFrame[];
  private count = 0;

  constructor(private readonly size: number) {
    this.frames = Array.from({ length: size }, () => ({ pose: createPose(), timeMs: 0 }));
  }

  /** Adds a frame; whether the batch is full. A full one begins anew with the next frame. */
  add(pose: Pose, timeMs: number): boolean {
    if (this.count === this.size) this.count = 0;
    const frame = this.frames[this.count]!;
    copyPose(pose, frame.pose);
    frame.timeMs = timeMs;
    this.count += 1;
    return this.count === this.size;
  }
}
