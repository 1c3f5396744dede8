import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Latencies, readStamp, type Stamp, stampText } from '@/tools/bench/hub/latencies';

it('latencies give quantiles to their resolution and can be cleared', () => {
  const latencies = new Latencies();
  for (let ms = 1; ms <= 100; ms += 1) latencies.add(ms);
  expect(latencies.quantileMs(0.5)).toBeCloseTo(50, 0);
  expect(latencies.quantileMs(0.95)).toBeCloseTo(95, 0);
  latencies.clear();
  expect(latencies.count).toBe(0);
  expect(latencies.quantileMs(0.95)).toBe(0);
});

it('latencies outside the range count at its ends', () => {
  const latencies = new Latencies();
  latencies.add(-1);
  latencies.add(60_000);
  expect(latencies.quantileMs(0.5)).toBeCloseTo(0.05);
  expect(latencies.quantileMs(1)).toBeCloseTo(10_000);
});

const blank = (): Stamp => ({ sender: -1, sequence: -1, sentMs: -1 });

it('a stamp reads back as written, whatever a server puts around it', () => {
  const around = fc.string({ unit: fc.constantFrom('a', '"', '}', '{', ',', '0') });
  const stamp = fc.record({
    sender: fc.integer({ min: 0, max: 99 }),
    sequence: fc.integer({ min: 0, max: 9_999_999 }),
    sentMs: fc.integer({ min: 0, max: 9_999_999_999 }).map((hundredths) => hundredths / 100),
  });
  fc.assert(
    fc.property(stamp, around, around, (written, before, after) => {
      const bytes = Buffer.from(before + stampText(written) + after);
      const read = blank();
      expect(readStamp(bytes, 0, bytes.length, read)).toBe(true);
      expect(read).toEqual(written);
    }),
  );
});

it('no stamp is found in a message without one, nor in the message before it', () => {
  const bytes = Buffer.from(
    `${stampText({ sender: 1, sequence: 2, sentMs: 3 })}{"colibriClass":"ServerHello","version":"1"}`,
  );
  expect(readStamp(bytes, 20, bytes.length, blank())).toBe(false);
});
