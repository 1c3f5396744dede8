import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readStamp, type Stamp, stampText } from '@/tools/bench/hub/stamp';

const blank = (): Stamp => ({ sender: -1, sequence: -1, sentMs: -1 });

it('is read back as it was written, whatever a server puts around it', () => {
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

it('is not found in a message without one, nor in the message before', () => {
  const bytes = Buffer.from(
    `${stampText({ sender: 1, sequence: 2, sentMs: 3 })}{"colibriClass":"ServerHello","version":"1"}`,
  );
  expect(readStamp(bytes, 20, bytes.length, blank())).toBe(false);
});
