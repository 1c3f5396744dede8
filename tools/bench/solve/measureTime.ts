import type { LandmarkFrame } from '@/lib/core/landmarks';
import { createPose } from '@/lib/pose/pose';
import { createSolverState, solve } from '@/lib/solve/solve';
import { median } from '@/tools/statistics';

import { solveWithKalidokit } from './kalidokitPeer';

/** All frames are solved this many times; the first rounds warm the compiler. */
const ROUNDS = 6;
const WARM_ROUNDS = 3;

/** Time per frame, medians, microseconds. */
export interface SolverTimes {
  /** Body, face, both hands. */
  readonly oursUs: number;
  /** The body alone. */
  readonly kalidokitUs: number;
}

function medianUs(frames: readonly LandmarkFrame[], run: (frame: LandmarkFrame) => unknown): number {
  const samples: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const frame of frames) {
      const startMs = performance.now();
      run(frame);
      if (round >= WARM_ROUNDS) samples.push((performance.now() - startMs) * 1000);
    }
  }
  return median(samples);
}

/** Times both solvers on `frames`, `frameMs` apart. */
export function measureTime(frames: readonly LandmarkFrame[], frameMs: number): SolverTimes {
  const state = createSolverState();
  const pose = createPose();
  return {
    oursUs: medianUs(frames, (frame) => solve(frame, state, frameMs, pose)),
    kalidokitUs: medianUs(frames, solveWithKalidokit),
  };
}
