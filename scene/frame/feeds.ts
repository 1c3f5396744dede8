import type { PlayoutState } from '@/lib/playout/playout';
import type { Pose } from '@/lib/pose/pose';

/** Where the frame loop reads everybody's motion. Called once a person and frame; must not allocate. */
export interface PoseFeed {
  /** Writes the pose of `personId` at `nowMs` (monotonic, the render clock) into `out`; leaves it alone for `none`. */
  sample(personId: string, nowMs: number, out: Pose): PlayoutState;
}

/** Where the frame loop reads how loud everybody is. Called once a person and frame; must not allocate. */
export interface VoiceFeed {
  /** How loud `personId` speaks now, 0 (silent) to 1, smoothed for the eye. */
  level(personId: string): number;
}

/** Nobody speaks. */
export const SILENCE: VoiceFeed = { level: () => 0 };
