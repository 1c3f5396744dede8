import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VoiceBook, VoiceMeter } from '@/lib/transport/headless/voice/voiceBook';

const packet = (index: number, { first = 0, delayMs = 0, ssrc = 7 } = {}) => ({
  ssrc,
  sequence: (first + index) & 0xffff,
  timestamp: (index * 960 + 4_294_960_000) >>> 0,
  hasMarker: index === 0,
  opus: new Uint8Array(10),
  levelDbov: -index,
  arrivalMs: 1_000 + index * 20 + delayMs,
});

describe('the figures of a voice', () => {
  it('voice stats count packets, bytes and the newest level', () => {
    const meter = new VoiceMeter();
    for (let k = 0; k < 30; k += 1) meter.note(packet(k));
    expect(meter.stats()).toEqual({ packets: 30, lost: 0, bytes: 300, levelDbov: -29, jitterMs: 0 });
  });

  it('voice stats count missing packets across the wrap, in any order', () => {
    fc.assert(
      fc.property(
        fc.nat(65_535),
        fc.uniqueArray(fc.integer({ min: 1, max: 98 })),
        fc.integer(),
        (first, missing, seed) => {
          const meter = new VoiceMeter();
          const indices = Array.from({ length: 100 }, (_, k) => k).filter((k) => !missing.includes(k));
          // Neighbours swap places. The first and the last stay, so that the span is known.
          for (let k = 1; k + 2 < indices.length; k += 2) {
            if ((seed >> (k % 31)) & 1) [indices[k], indices[k + 1]] = [indices[k + 1]!, indices[k]!];
          }
          for (const index of indices) meter.note(packet(index, { first }));
          expect(meter.stats().lost).toBe(missing.length);
        },
      ),
    );
  });

  it('voice stats go on when a sender restarts', () => {
    const meter = new VoiceMeter();
    for (let k = 0; k < 10; k += 1) meter.note(packet(k));
    for (let k = 0; k < 10; k += 1) meter.note(packet(k, { first: 30_000 }));
    expect(meter.stats()).toMatchObject({ packets: 20, lost: 0 });
  });

  it('voice stats tell the jitter of a path that takes 0 and 8 ms in turns', () => {
    const meter = new VoiceMeter();
    for (let k = 0; k < 400; k += 1) meter.note(packet(k, { delayMs: k % 2 === 0 ? 0 : 8 }));
    expect(meter.stats().jitterMs).toBeCloseTo(8, 1);
  });
});

describe('the book of voices', () => {
  it('a voice book has figures by owner, also if announced after its first packets', () => {
    const book = new VoiceBook();
    book.note(packet(0));
    book.note(packet(0, { ssrc: 9 }));
    expect(book.stats().size).toBe(0);
    book.announce([{ ssrc: 7, owner: 'ann' }]);
    expect([...book.stats().keys()]).toEqual(['ann']);
  });

  it('a voice book keeps its size, however many SSRCs send', () => {
    const book = new VoiceBook();
    const sources = Array.from({ length: 2_000 }, (_, ssrc) => ({ ssrc, owner: `e${ssrc}` }));
    for (const { ssrc } of sources) book.note(packet(0, { ssrc }));
    book.announce(sources);
    expect(book.stats().size).toBeLessThanOrEqual(512);
  });
});
