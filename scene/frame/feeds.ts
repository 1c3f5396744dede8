import type { PlayoutState } from '@/lib/playout/playout';
import type { Pose } from '@/lib/pose/pose';

/** The source of everyone's motion. The frame loop reads each person once a frame; must not allocate. */
export interface PoseFeed {
  /** Writes the pose of `personId` at `nowMs` (monotonic, the render clock) into `out`; leaves it alone for `none`. */
  sample(personId: string, nowMs: number, out: Pose): PlayoutState;
}

/** The source of how loud everyone is. The frame loop reads each person once a frame; must not allocate. */
export interface VoiceFeed {
  /** How loud `personId` speaks now, 0 (silent) to 1, smoothed for the eye. */
  level(personId: string): number;
}

/** A feed in which no one speaks. */
export const SILENCE: VoiceFeed = { level: () => 0 };
