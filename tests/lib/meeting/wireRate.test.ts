import { describe, expect, it } from 'vitest';
import { messageBytes, WireRate } from '@/lib/meeting/wireRate';

describe('what packets take on the wire', () => {
  it('is the packet as base64 and the envelope of a message', () => {
    expect([messageBytes(0), messageBytes(3), messageBytes(100)]).toEqual([158, 162, 158 + 134]);
  });

  it('is told over the last two seconds', () => {
    const rate = new WireRate();
    expect(rate.bps(0)).toBe(0);
    for (let ms = 0; ms < 5_000; ms += 100) rate.note(90, ms);
    expect(rate.bps(4_999)).toBeCloseTo(10 * messageBytes(90) * 8, -2);
    expect(rate.bps(5_999)).toBeLessThan(0.6 * 10 * messageBytes(90) * 8);
    expect(rate.bps(8_000)).toBe(0);
  });
});
