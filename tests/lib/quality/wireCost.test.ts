import { describe, expect, it } from 'vitest';
import { RangePoseEncoder } from '@/lib/codec/rangePoseEncoder';
import { framesPerPacket } from '@/lib/quality/framesPerPacket';
import { LADDER } from '@/lib/quality/ladder';
import { ENVELOPE_BYTES, LIVELY_FACTOR, wireBpsOf } from '@/lib/quality/wireCost';
import { loadCorpus } from '@/tools/bench/motion/loadCorpus';

const WINDOW_S = 2;
const CLIP_S = 14;
const CORPUS = loadCorpus(null);

/** What every two seconds of the project's own motion take on the wire, as the codec packs it, bits a second. */
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
    'Q-22 at %s is planned above what any two seconds of real packets take, and estimated near their mean',
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
