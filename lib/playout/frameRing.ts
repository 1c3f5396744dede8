import { copyPose, createPose, type Pose } from '@/lib/pose/pose';

/** A pose and its time on the sender's clock. */
export interface TimedPose {
  timeMs: number;
  readonly pose: Pose;
}

/** A sender's newest frames, sorted by time. All poses are created at the start. */
export class FrameRing {
  private readonly frames: TimedPose[];
  private used = 0;

  constructor(capacity: number) {
    this.frames = Array.from({ length: capacity }, () => ({ timeMs: 0, pose: createPose() }));
  }

  get count(): number {
    return this.used;
  }

  /** Frame `index`: 0 is the oldest, `count` - 1 the newest. */
  at(index: number): TimedPose {
    return this.frames[index]!;
  }

  /** The newest frame's time; -Infinity without frames. */
  get newestMs(): number {
    return this.used === 0 ? Number.NEGATIVE_INFINITY : this.frames[this.used - 1]!.timeMs;
  }

  /**
   * Copies `pose` in, sorted by time. False where that time is already there, or older than all frames of a full ring.
   */
  insert(pose: Pose, timeMs: number): boolean {
    const place = this.indexAfter(timeMs);
    if (place > 0 && this.frames[place - 1]!.timeMs === timeMs) return false;
    if (this.used === this.frames.length) {
      if (place === 0) return false;
      this.move(0, place - 1);
      this.fill(place - 1, pose, timeMs);
      return true;
    }
    this.move(this.used, place);
    this.used += 1;
    this.fill(place, pose, timeMs);
    return true;
  }

  /** How many frames are not later than `timeMs`. */
  indexAfter(timeMs: number): number {
    let index = this.used;
    while (index > 0 && this.frames[index - 1]!.timeMs > timeMs) index -= 1;
    return index;
  }

  /** Forgets all frames. */
  clear(): void {
    this.used = 0;
  }

  private fill(index: number, pose: Pose, timeMs: number): void {
    const frame = this.frames[index]!;
    frame.timeMs = timeMs;
    copyPose(pose, frame.pose);
  }

  private move(from: number, to: number): void {
    const moved = this.frames[from]!;
    const step = from < to ? 1 : -1;
    for (let k = from; k !== to; k += step) this.frames[k] = this.frames[k + step]!;
    this.frames[to] = moved;
  }
}
