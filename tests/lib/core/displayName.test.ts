import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanDisplayName } from '@/lib/core/displayName';

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });
const graphemes = (text: string) => [...segmenter.segment(text)].length;

describe('a display name', () => {
  it.each([
    ['  Ann  ', 'Ann'],
    ['Ann\t\n  Lee', 'Ann Lee'],
    ['李小龙', '李小龙'],
    ['A\u0000n\u0007n\u007f', 'Ann'],
    ['\u202egnp.exe\u202c', 'gnp.exe'],
    ['\u2066a\u2069\u200e\u200f\u061c', 'a'],
    ['👩‍👩‍👧', '👩‍👩‍👧'],
    ['<b>Ann</b>', '<b>Ann</b>'],
    ['\u200e \u202a', ''],
    ['', ''],
  ])('%j is shown as %j', (raw, shown) => {
    expect(cleanDisplayName(raw)).toBe(shown);
  });

  it('a display name has at most 64 graphemes, counted as people count', () => {
    expect(graphemes(cleanDisplayName('👨‍👩‍👧‍👦'.repeat(100)))).toBe(64);
    expect(cleanDisplayName('x'.repeat(1000))).toHaveLength(64);
  });

  it('a letter with endless marks is cut short', () => {
    expect(cleanDisplayName(`a${'\u0301'.repeat(500)}`).length).toBeLessThanOrEqual(24);
  });

  it('a display name is clean, bounded, well-formed and stable for any input', () => {
    const unit = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('\ud800', '\udc00', '\u202e', '\u0000', ' ', '\u0301', '\u200d', '👩', '\u{1f1e9}', '\ufeff'),
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 80 }), (units) => {
        const clean = cleanDisplayName(units.join(''));
        expect(clean).not.toMatch(/[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\u2028\u2029\uFEFF]/u);
        expect(clean.isWellFormed()).toBe(true);
        expect(clean).toBe(clean.trim());
        expect(graphemes(clean)).toBeLessThanOrEqual(64);
      }),
      { numRuns: 500 },
    );
  });
});
