import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PacketIndex } from '@/server/hub/media/rtp/packetIndex';

describe('packet index', () => {
  it('H-64 packet indices follow sequence numbers across wraps, through loss and reordering', () => {
    const steps = fc.array(fc.integer({ min: -500, max: 20_000 }), { maxLength: 100 });
    fc.assert(
      fc.property(fc.nat({ max: 0xffff }), steps, (first, jumps) => {
        const index = new PacketIndex();
        let at = first;
        let highest = first;
        index.take(index.estimate(first));
        for (const jump of jumps) {
          at = Math.max(0, highest + jump);
          expect(index.estimate(at % 65_536)).toBe(at);
          index.advance(at);
          highest = Math.max(highest, at);
        }
      }),
    );
  });

  it('H-75 each packet index is fresh once, and never if it is too old', () => {
    const index = new PacketIndex();
    index.take(5_000);
    index.take(4_990);
    expect([5_000, 4_990, 4_991, 5_001, 3_977, 3_976, -1].map((n) => index.isFresh(n))).toEqual([
      false,
      false,
      true,
      true,
      true,
      false,
      false,
    ]);
  });
});
