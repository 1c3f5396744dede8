import { it } from 'vitest';
import { expectBytesPerCallBelow } from '../../lib/allocations';
import { createStage, resting } from './frameStage';

// In a file of its own: what else calls the code decides which numbers the engine boxes.
it('a frame allocates nothing while people rest', () => {
  const { frame } = createStage(16, () => {}, resting);
  // One or two boxed numbers a person (times and levels that pass between functions, 16 bytes each), no object: even a
  // vector a person would be 48 bytes more.
  expectBytesPerCallBelow(16 * 48, frame, 1000);
});
