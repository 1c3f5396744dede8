import { it } from 'vitest';
import { expectBytesPerCallBelow } from '../../lib/allocations';
import { createStage, nodding } from './frameStage';

// In a file of its own: what else calls the code decides which numbers the engine boxes.
it('a frame allocates nothing while people move', () => {
  const { frame } = createStage(16, () => {}, nodding);
  // One or two boxed numbers a person (times and levels that pass between functions, 16 bytes each), no object: even a
  // vector a person would be 48 bytes more.
  expectBytesPerCallBelow(16 * 48, frame, 1000);
});
