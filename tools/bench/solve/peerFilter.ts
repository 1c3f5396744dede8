import { BODY_LANDMARK_COUNT, type LandmarkFrame } from '@/lib/core/landmarks';
import type { Pose } from '@/lib/pose/pose';
import { OneEuro } from '@/lib/solve/tracks/filters';

/** The setting that was found best for world landmarks in metres. */
const FILTER = { minCutoffHz: 1, beta: 10, speedCutoffHz: 3 } as const;

/** A solver without a memory behind a One Euro filter of the body's world points. */
export function createFilteredPeer(
  solve: (frame: LandmarkFrame) => Pose | null,
): (frame: LandmarkFrame, elapsedMs: number) => Pose | null {
  const filter = new OneEuro(BODY_LANDMARK_COUNT, 3, FILTER);
  return (frame, elapsedMs) => {
    if (frame.body === null) return null;
    filter.advance(frame.body.world, elapsedMs);
    return solve({ ...frame, body: { ...frame.body, world: Float32Array.from(filter.values) } });
  };
}
