import { setFlagsFromString } from 'node:v8';
import { it } from 'vitest';
import { expectBytesPerCallBelow } from '../../lib/allocations';
import { createStage, resting } from './frameStage';

// Which numbers the engine boxes hangs on what it inlines, and that on chance: so nothing is inlined here. In a file of
// its own, since the flag holds for the whole process.
setFlagsFromString('--no-turbo-inlining');

it('a frame allocates nothing while people rest', () => {
  const { frame } = createStage(16, () => {}, resting);
  // A few boxed numbers a frame (times that pass between functions, 16 bytes each), not even one a person.
  expectBytesPerCallBelow(16 * 16, frame, 1000);
});
