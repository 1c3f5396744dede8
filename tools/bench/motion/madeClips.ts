import { createPose, type Pose } from '@/lib/pose/pose';
import { createBodyAngles, poseStanding, type Temper } from './madeBody';
import { poseWalking } from './madeWalk';

/** Motion of the hips and the 22 body bones that the project makes itself, a function of time. */
export interface MadeClip {
  readonly name: string;
  readonly seconds: number;
  /** Writes hips and body bones at `seconds`. */
  pose(seconds: number, out: Pose): void;
}

const TALK: Temper = { strokesPerSecond: 0.55, busyShare: 0.55, play: 1, pace: 1 };
const LISTEN: Temper = { strokesPerSecond: 0.2, busyShare: 0.2, play: 0.7, pace: 0.8 };
const LIVELY: Temper = { strokesPerSecond: 0.9, busyShare: 0.85, play: 1.7, pace: 1.4 };
const DANCE: Temper = { strokesPerSecond: 1.3, busyShare: 0.9, play: 4, pace: 3 };

function standing(name: string, seed: number, seconds: number, temper: Temper): MadeClip {
  const angles = createBodyAngles();
  return { name, seconds, pose: (at, out) => poseStanding(seed, at, temper, angles, out) };
}

function walking(name: string, seed: number, seconds: number): MadeClip {
  const angles = createBodyAngles();
  return { name, seconds, pose: (at, out) => poseWalking(seed, at, angles, out) };
}

/** Clips made from seeds: talk, listening, lively gestures, a walk in a circle, a dance. No two runs differ. */
export function madeClips(): MadeClip[] {
  return [
    standing('made-talk', 11, 40, TALK),
    standing('made-listen', 12, 30, LISTEN),
    standing('made-lively', 13, 30, LIVELY),
    walking('made-walk', 14, 20),
    standing('made-dance', 15, 20, DANCE),
  ];
}

/** Poses of `clip` at `fps`; parts are not set. */
export function sampleMadeClip(clip: MadeClip, fps: number): Pose[] {
  return Array.from({ length: Math.floor(clip.seconds * fps) }, (_, frame) => {
    const pose = createPose();
    clip.pose(frame / fps, pose);
    return pose;
  });
}
