import fc from 'fast-check';
import { expect, it } from 'vitest';
import { mostThatHolds } from '@/tools/bench/hub/measurements';

it('the search finds the most meetings that hold, to an eighth, and never asks for more than allowed', async () => {
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 128 }), async (truth, most) => {
      const asked: number[] = [];
      const found = await mostThatHolds(8, most, async (meetings) => {
        asked.push(meetings);
        return meetings <= truth;
      });
      const wanted = Math.min(truth, most);
      expect(found).toBeLessThanOrEqual(wanted);
      expect(wanted - found).toBeLessThanOrEqual(Math.max(1, found * 0.125));
      expect(Math.max(...asked)).toBeLessThanOrEqual(most);
      expect(asked.length).toBeLessThan(20);
    }),
  );
});
