import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RangePoseEncoder } from '@/lib/codec/rangePoseEncoder';
import {
  CONTROL_WIRE_BPS,
  ENVELOPE_BYTES,
  highestRungWithin,
  LIVELY_FACTOR,
  livelinessOf,
  messageBytes,
  plannedBps,
  poseShareBps,
  rungCeiling,
  VOICE_WIRE_BPS,
  wireBpsOf,
} from '@/lib/quality/budget';
import { framesPerPacket, HIGHEST_RUNG, LADDER, LOWEST_RUNG, rungOf } from '@/lib/quality/tiers';
import { CALM } from '@/tests/lib/quality/signals';
import { loadCorpus } from '@/tools/bench/motion/loadCorpus';

const bandwidth = fc.integer({ min: 64_000, max: 100_000_000 });
const seats = fc.integer({ min: 2, max: 16 });

describe('the budget', () => {
  it('Q-20 the budget is shared among all others, each with a voice', () => {
    fc.assert(
      fc.property(bandwidth, seats, (bandwidthBps, seated) => {
        const each = poseShareBps(bandwidthBps, seated) + VOICE_WIRE_BPS + CONTROL_WIRE_BPS;
        expect(each * (seated - 1)).toBeCloseTo(bandwidthBps, 3);
      }),
    );
    expect(poseShareBps(64_000, 1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('Q-20 every rung that the budget allows keeps it, except the lowest', () => {
    fc.assert(
      fc.property(bandwidth, seats, fc.double({ min: 1, max: 10, noNaN: true }), (bandwidthBps, seated, liveliness) => {
        const shareBps = poseShareBps(bandwidthBps, seated);
        const rung = highestRungWithin(shareBps, liveliness);
        if (rung > LOWEST_RUNG) expect(plannedBps(rung, liveliness)).toBeLessThanOrEqual(shareBps);
        if (rung < HIGHEST_RUNG) expect(plannedBps(rung + 1, liveliness)).toBeGreaterThan(shareBps);
      }),
    );
  });

  it('Q-20 the default budget lets sixteen people with voices send 30 frames a second, and four at the finest rung', () => {
    expect(LADDER[rungCeiling({ ...CALM, seated: 16 }, rungOf('low'), 1)]).toMatchObject({ fps: 30, compression: 3 });
    expect(rungCeiling({ ...CALM, seated: 4 }, rungOf('high'), 1)).toBe(HIGHEST_RUNG);
  });

  it('Q-21 the sender’s own downlink counts beyond the base tier only', () => {
    const ceiling = (downlinkBps: number) => rungCeiling({ ...CALM, downlinkBps }, rungOf('medium'), 1);
    expect(ceiling(10_000_000)).toBe(HIGHEST_RUNG);
    expect(ceiling(250_000)).toBe(rungOf('high'));
    expect(ceiling(1_000)).toBe(rungOf('medium'));
  });

  it('Q-23 one person receives at most 300 messages a second, whatever the bandwidth', () => {
    const ceiling = (seated: number) => LADDER[rungCeiling({ ...CALM, seated, bandwidthMaxBps: 1e8 }, 1, 1)];
    expect(ceiling(11)).toMatchObject({ fps: 30, compression: 1 });
    expect(ceiling(12)).toMatchObject({ fps: 30, compression: 3 });
    expect(ceiling(16)).toMatchObject({ fps: 30, compression: 3 });
  });

  it('Q-22 the planned cost is that of lively people, and more where more was measured', () => {
    const high = rungOf('high');
    expect(plannedBps(high, 1)).toBeGreaterThan(wireBpsOf(LADDER[high]!) * 1.3);
    expect(livelinessOf(wireBpsOf(LADDER[high]!), high)).toBe(1);
    expect(livelinessOf(3 * plannedBps(high, 1), high)).toBeCloseTo(3);
  });
});

const WINDOW_S = 2;
const CLIP_S = 14;
const CORPUS = loadCorpus(null);

/** What each two seconds of the project's own clips take on the wire once encoded, bits a second. */
function measuredBps(tier: (typeof LADDER)[number]): number[] {
  return CORPUS.flatMap(({ poses, fps }) => {
    const encoder = new RangePoseEncoder();
    encoder.compression = tier.compression;
    encoder.framesPerPacket = framesPerPacket(tier);
    const windows: number[] = Array(Math.floor(Math.min(CLIP_S, poses.length / fps) / WINDOW_S)).fill(0);
    for (let frame = 0; frame < windows.length * WINDOW_S * tier.fps; frame += 1) {
      const seconds = frame / tier.fps;
      const sizeBytes = encoder.encode(poses[Math.floor(seconds * fps)]!, Math.round(seconds * 1000));
      const bytes = sizeBytes === 0 ? 0 : ENVELOPE_BYTES + 4 * Math.ceil(sizeBytes / 3);
      windows[Math.floor(seconds / WINDOW_S)]! += (bytes * 8) / WINDOW_S;
    }
    return windows;
  });
}

describe('the cost on the wire', () => {
  it.each(LADDER.map((tier) => [`${tier.fps}/${tier.compression}`, tier] as const))(
    'Q-22 the tier %s is planned above any two seconds of real packets, and estimated near their mean',
    (_, tier) => {
      const windows = measuredBps(tier);
      const meanBps = windows.reduce((sum, bps) => sum + bps, 0) / windows.length;
      expect(windows.length).toBeGreaterThan(5);
      expect(Math.max(...windows)).toBeLessThanOrEqual(wireBpsOf(tier, LIVELY_FACTOR));
      expect(meanBps / wireBpsOf(tier)).toBeGreaterThan(0.7);
      expect(meanBps / wireBpsOf(tier)).toBeLessThan(1.2);
    },
  );
});

describe('messageBytes', () => {
  it('messageBytes counts the packet as base64 and the envelope of a message', () => {
    expect([messageBytes(0), messageBytes(3), messageBytes(100)]).toEqual([158, 162, 158 + 134]);
  });
});
