import { it } from 'vitest';
import { createIdleSource } from '@/lib/motion/idleSource';
import { createPose } from '@/lib/pose/pose';
import { expectBytesPerCallBelow } from '../allocations';

// In a file of its own: what else calls the code decides which numbers the engine boxes.
it('an idle person makes no object a sample', () => {
  const source = createIdleSource(3);
  const pose = createPose();
  // Some 70 to 90 numbers of the noises are boxed, 16 bytes each. A pose would be 1,100 bytes more, an object a bone 5 kB.
  expectBytesPerCallBelow(2000, (index) => source.sample(index * 33, pose), 1000);
});
