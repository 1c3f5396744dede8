import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AbsoluteCoder } from '@/lib/codec/absoluteCoder';
import { CHANNEL_COUNT, UNIT_COUNT } from '@/lib/codec/channels';
import { level } from '@/lib/codec/frameMemory';
import { FRAME_GAP_MAX_MS, FrameTimes } from '@/lib/codec/frameTimes';
import { codeEscape, RangeCoder } from '@/lib/codec/rangeCoder';

function written(write: (coder: RangeCoder) => void): RangeCoder {
  const bytes = new Uint8Array(4000);
  const coder = new RangeCoder();
  coder.startWriting(bytes, 0, bytes.length);
  write(coder);
  const size = coder.finishWriting();
  coder.startReading(bytes, 0, size);
  return coder;
}

describe('numbers in a packet', () => {
  it('C-22: coded times between frames come back', () => {
    const gaps = fc.array(fc.oneof(fc.integer({ min: 30, max: 37 }), fc.integer({ min: 0, max: FRAME_GAP_MAX_MS })), {
      maxLength: 80,
    });
    fc.assert(
      fc.property(gaps, (gapsMs) => {
        const writer = new FrameTimes();
        const reader = new FrameTimes();
        writer.reset();
        reader.reset();
        const coder = written((to) => {
          for (const gapMs of gapsMs) writer.codeGap(to, gapMs);
        });
        for (const gapMs of gapsMs) expect(reader.codeGap(coder, 0)).toBe(gapMs);
      }),
    );
  });

  it('C-22: a steady frame rate costs next to nothing', () => {
    const times = new FrameTimes();
    times.reset();
    const bytes = new Uint8Array(4000);
    const coder = new RangeCoder();
    coder.startWriting(bytes, 0, bytes.length);
    for (let frame = 1; frame <= 900; frame += 1) {
      times.codeGap(coder, Math.round((frame * 100) / 3) - Math.round(((frame - 1) * 100) / 3));
    }
    expect(coder.finishWriting()).toBeLessThan(60);
  });

  it('C-16: absolute steps come back, of any size that a channel has', () => {
    const steps = fc.array(
      fc.oneof(
        fc.constant(0),
        fc.integer({ min: -40, max: 40 }),
        fc.integer({ min: -(2 ** 18 - 1), max: 2 ** 18 - 1 }),
      ),
      { minLength: CHANNEL_COUNT, maxLength: CHANNEL_COUNT },
    );
    fc.assert(
      fc.property(steps, (wanted) => {
        const writer = new AbsoluteCoder();
        const reader = new AbsoluteCoder();
        writer.steps.set(wanted);
        const coder = written((to) => {
          for (let unit = 0; unit < UNIT_COUNT; unit += 1) writer.codeUnit(to, unit);
        });
        for (let unit = 0; unit < UNIT_COUNT; unit += 1) reader.codeUnit(coder, unit);
        expect(Array.from(reader.steps)).toEqual(wanted);
      }),
      { numRuns: 30 },
    );
  });

  it('C-21: escaped numbers come back, and an endless one is refused', () => {
    const values = [0, 1, 2, 3, 100, 65_535, 2 ** 20 - 2];
    const coder = written((to) => {
      for (const value of values) codeEscape(to, value);
    });
    for (const value of values) expect(codeEscape(coder, 0)).toBe(value);
    const endless = new RangeCoder();
    // Zeros lie in the lower part of every interval, so all bits are ones.
    endless.startReading(new Uint8Array(100), 0, 100);
    expect(codeEscape(endless, 0)).toBe(-1);
  });

  it('C-23: levels rise by two for each doubling', () => {
    expect([0, 1, 2, 3, 4, 8, 16, 64, 128, 256, 100_000].map(level)).toEqual([0, 0, 0, 1, 2, 4, 6, 10, 12, 14, 15]);
  });
});
