import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SlotTable } from '@/scene/avatar/rigRows';

describe('SlotTable', () => {
  it('a slot table never hands out a slot twice, nor one beyond its capacity', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(9), { maxLength: 200 }), (steps) => {
        const table = new SlotTable(2, () => {});
        const taken: number[] = [];
        for (const step of steps) {
          if (step < 6 || taken.length === 0) taken.push(table.take());
          else table.give(taken.splice(step % taken.length, 1)[0]!);
          expect(new Set(taken).size).toBe(taken.length);
          expect(Math.max(-1, ...taken)).toBeLessThan(table.capacity || 1);
          expect(table.taken).toBe(taken.length);
        }
      }),
    );
  });

  it('a slot table grows by doubling and reuses slots given back', () => {
    const grown: number[] = [];
    const table = new SlotTable(4, (capacity) => grown.push(capacity));
    const slots = Array.from({ length: 9 }, () => table.take());
    expect(grown).toEqual([4, 8, 16]);
    expect(slots).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
    table.give(3);
    expect(table.take()).toBe(3);
    expect(grown).toHaveLength(3);
  });
});
