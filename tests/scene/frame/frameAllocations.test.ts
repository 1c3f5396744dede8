import { it } from 'vitest';
import { BOXED_NUMBER_BYTES, expectBytesPerCall } from '../../support/allocations';
import { createStage, nodding, resting } from './frameStage';

/** The clock's two readings and the time since the last frame, boxed once a frame however many people there are. */
const FRAME_BYTES = 3 * BOXED_NUMBER_BYTES;

it.each([
  ['move', nodding],
  ['rest', resting],
])('a frame allocates nothing but its time while people %s', (_, feed) => {
  const { frame } = createStage(16, () => {}, feed);
  expectBytesPerCall(FRAME_BYTES, frame);
});
