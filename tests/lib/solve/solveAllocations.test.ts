import { it } from 'vitest';
import { createPose } from '@/lib/pose/pose';
import { createSolverState, solve } from '@/lib/solve/solve';
import { expectBytesPerCallBelow } from '../allocations';
import { FRAME_MS, frameOf, readAt, STANDING, type Turns } from './person';

/** Frames of somebody who moves, made beforehand; read in a circle, each round later than the one before. */
const FRAMES = 400;

// In a file of its own: what else calls the code decides which numbers the engine boxes.
it('S-17: a call makes no object', () => {
  const frames = Array.from({ length: FRAMES }, (_, k) => {
    const deg = 20 * Math.sin((2 * Math.PI * k) / FRAMES);
    const turns: Turns = { ...STANDING, hips: [0, deg, 0], leftLowerArm: [0, -60 - deg, 0], head: [deg, 0, 0] };
    return readAt(frameOf(turns), k * FRAME_MS);
  });
  const state = createSolverState();
  const pose = createPose();
  const next = (index: number) => solve(frames[index % FRAMES]!, state, FRAME_MS, pose);
  // About 70 numbers that pass between functions are boxed, 16 bytes each. A new vector for each bone would be 5 kB.
  expectBytesPerCallBelow(2000, next, 1000);
});
