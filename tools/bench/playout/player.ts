import type { Pose } from '@/lib/pose/pose';

/** A way to play received poses. All times in ms; sender and receiver share one clock here. */
export interface Player {
  /** Takes a frame as it arrives; keeps no reference to `pose`. */
  push(pose: Pose, senderMs: number, arrivalMs: number): void;
  /** Writes what would be drawn at `nowMs` into `out`; false where there is nothing yet. */
  render(nowMs: number, out: Pose): boolean;
  /** The sender's time that was drawn last; null for a way that knows none. */
  readonly playedMs: number | null;
}

/** What is compared: a name and how to make one for a sender of `fps`. */
export interface PlayerKind {
  readonly name: string;
  create(fps: number): Player;
}
