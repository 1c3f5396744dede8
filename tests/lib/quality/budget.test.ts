import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  CONTROL_WIRE_BPS,
  highestRungWithin,
  livelinessOf,
  plannedBps,
  poseShareBps,
  rungCeiling,
  VOICE_WIRE_BPS,
} from '@/lib/quality/budget';
import { HIGHEST_RUNG, LADDER, LOWEST_RUNG, rungOf } from '@/lib/quality/ladder';
import { wireBpsOf } from '@/lib/quality/wireCost';
import { CALM } from './signals';

const bandwidth = fc.integer({ min: 64_000, max: 100_000_000 });
const seats = fc.integer({ min: 2, max: 16 });

describe('the budget', () => {
  it('Q-20 is shared among everybody else, each with a voice', () => {
    fc.assert(
      fc.property(bandwidth, seats, (bandwidthBps, seated) => {
        const each = poseShareBps(bandwidthBps, seated) + VOICE_WIRE_BPS + CONTROL_WIRE_BPS;
        expect(each * (seated - 1)).toBeCloseTo(bandwidthBps, 3);
      }),
    );
    expect(poseShareBps(64_000, 1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('Q-20 is kept by every rung it allows, but for the lowest', () => {
    fc.assert(
      fc.property(bandwidth, seats, fc.double({ min: 1, max: 10, noNaN: true }), (bandwidthBps, seated, liveliness) => {
        const shareBps = poseShareBps(bandwidthBps, seated);
        const rung = highestRungWithin(shareBps, liveliness);
        if (rung > LOWEST_RUNG) expect(plannedBps(rung, liveliness)).toBeLessThanOrEqual(shareBps);
        if (rung < HIGHEST_RUNG) expect(plannedBps(rung + 1, liveliness)).toBeGreaterThan(shareBps);
      }),
    );
  });

  it('Q-20 lets sixteen people with voices send 30 frames a second within the default, and four the finest', () => {
    expect(LADDER[rungCeiling({ ...CALM, seated: 16 }, rungOf('low'), 1)]).toMatchObject({ fps: 30, compression: 3 });
    expect(rungCeiling({ ...CALM, seated: 4 }, rungOf('high'), 1)).toBe(HIGHEST_RUNG);
  });

  it('Q-21 heeds one’s own way down beyond the base tier only', () => {
    const ceiling = (downlinkBps: number) => rungCeiling({ ...CALM, downlinkBps }, rungOf('medium'), 1);
    expect(ceiling(10_000_000)).toBe(HIGHEST_RUNG);
    expect(ceiling(250_000)).toBe(rungOf('high'));
    expect(ceiling(1_000)).toBe(rungOf('medium'));
  });

  it('Q-23 lets in no more than 300 messages a second, whatever the bandwidth', () => {
    const ceiling = (seated: number) => LADDER[rungCeiling({ ...CALM, seated, bandwidthMaxBps: 1e8 }, 1, 1)];
    expect(ceiling(11)).toMatchObject({ fps: 30, compression: 1 });
    expect(ceiling(12)).toMatchObject({ fps: 30, compression: 3 });
    expect(ceiling(16)).toMatchObject({ fps: 30, compression: 3 });
  });

  it('Q-22 plans for lively people, and for more where more has been measured', () => {
    const high = rungOf('high');
    expect(plannedBps(high, 1)).toBeGreaterThan(wireBpsOf(LADDER[high]!) * 1.3);
    expect(livelinessOf(wireBpsOf(LADDER[high]!), high)).toBe(1);
    expect(livelinessOf(3 * plannedBps(high, 1), high)).toBeCloseTo(3);
  });
});
