import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanDisplayName } from '@/lib/core/displayName';
import { isVisibleName } from '@/lib/core/visibleName';
import { anyText } from '@/tests/support/anyText';

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
    ['\u200B', ''],
    ['\u3164', ''],
    ['\u2800\u2800', ''],
    ['\u00AD\u034F\u115F\u17B4', ''],
    ['\u{E0041}\u{E0042}', ''],
    ['... !', ''],
    ['A\u200Bn\u{E0061}n\u2800\u3164', 'Ann'],
    ['An\u2800n', 'An n'],
    [
      '\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}',
      '\u{1F3F4}\u{E0067}\u{E0062}\u{E0073}\u{E0063}\u{E0074}\u{E007F}',
    ],
    ['\u{1F3F4}\u{E0041}\u{E007F}', '\u{1F3F4}'],
    ['❤️ 1️⃣ 🕵🏽‍♂️ 🇩🇪', '❤️ 1️⃣ 🕵🏽‍♂️ 🇩🇪'],
    ['A\uFE0F1\uFE0F', 'A1'],
    ['🇩🇪', '🇩🇪'],
    ['علی\u200Cرضا', 'علی\u200Cرضا'],
    ['می\u200Cخواهم', 'می\u200Cخواهم'],
    ['علي\u064E\u200Cرضا', 'علي\u064E\u200Cرضا'],
    // Waw, reh and dal join nothing after them, with a joiner or without.
    ['نور\u200Cالدین', 'نورالدین'],
    ['علی\u200D\u200Cرضا\u200C', 'علیرضا'],
    ['ශ්\u200Dරී', 'ශ්\u200Dරී'],
    ['क्\u200Dष', 'क्\u200Dष'],
    ['ರಾಜ್\u200Cಕುಮಾರ್', 'ರಾಜ್\u200Cಕುಮಾರ್'],
    ['രാജന്\u200D', 'രാജന്\u200D'],
    ['র\u200D্যাচেল', 'র\u200D্যাচেল'],
    ['রা\u200Dম\u200C', 'রাম'],
    ['क्\u200D\u200D\u200Cष', 'क्\u200Dष'],
    ['क्\u200D\u200Bि', 'क्ि'],
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

  it('no code point that is shown as nothing makes a name, or makes one differ from another', () => {
    const all = Array.from({ length: 0x110000 }, (_, code) => code)
      .filter((code) => code < 0xd800 || code > 0xdfff)
      .map((code) => String.fromCodePoint(code))
      .filter((letter) => /\p{Default_Ignorable_Code_Point}/u.test(letter));
    expect(all.length).toBeGreaterThan(4000);
    expect(all.filter((letter) => cleanDisplayName(letter) !== '')).toEqual([]);
    expect(all.filter(isVisibleName)).toEqual([]);
    expect(all.filter((letter) => cleanDisplayName(`A${letter}nn`) !== 'Ann')).toEqual([]);
    expect(all.filter((letter) => cleanDisplayName(`${letter}Ann ${letter} Lee${letter}`) !== 'Ann Lee')).toEqual([]);
  });

  it('no mixture of letters that are shown as nothing makes a name', () => {
    const nothing = fc.constantFrom(
      ...'\u200B\u3164\u2800\u00AD\u034F\u115F\u17B4\u200D\uFE0F\u{E0061}\u{E007F} \t\u00A0\u3000',
    );
    fc.assert(
      fc.property(fc.array(nothing, { maxLength: 100 }), (letters) => {
        expect(cleanDisplayName(letters.join(''))).toBe('');
      }),
    );
  });

  it('a joiner stays only where a script is written otherwise without it', () => {
    const joiner = fc.constantFrom('\u200C', '\u200D');
    const apart = fc.constantFrom(
      'A',
      'я',
      '李',
      'ד',
      '\u0627',
      '\u062F',
      '\u0631',
      '\u0648',
      '\u0621',
      '1',
      ' ',
      '\u0301',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(joiner, apart), { maxLength: 40 }), (units) => {
        expect(cleanDisplayName(units.join(''))).toBe(cleanDisplayName(units.join('').replace(/[\u200C\u200D]/g, '')));
      }),
    );
  });

  it('a name keeps at most one joiner at a place', () => {
    const joined = fc.constantFrom(
      '\u0628',
      '\u06CC',
      '\u064E',
      '\u0631',
      '\u0915',
      '\u094D',
      '\u093F',
      '\u09B0',
      '\u09CD',
      '\u09AF',
    );
    const joiner = fc.constantFrom('\u200C', '\u200D', '\u200B', '\u034F');
    fc.assert(
      fc.property(fc.array(fc.oneof(joined, joiner), { maxLength: 40 }), (units) => {
        const clean = cleanDisplayName(units.join(''));
        expect(clean).not.toMatch(/[\u200C\u200D]{2}|^[\u200C\u200D]|\u200C$|\u200B|\u034F/u);
        expect(cleanDisplayName(clean)).toBe(clean);
        expect(clean.replace(/[\u200C\u200D]/g, '')).toBe(
          cleanDisplayName(units.join('').replace(/[\u200B-\u200D]|\u034F/g, '')),
        );
      }),
      { numRuns: 1_000 },
    );
  });

  it('a display name is clean, bounded, well-formed and stable for any input', () => {
    const unit = fc.oneof(
      anyText(),
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom(
        '\ud800',
        '\udc00',
        '\u202e',
        '\u0000',
        ' ',
        '\u0301',
        '\u200d',
        '👩',
        '\u{1f1e9}',
        '\ufeff',
        '\ufe0f',
        '\u{e0067}',
        '\u{1f3f4}',
        '❤',
        '\u{1f3fd}',
        '\u200c',
        '\u06cc',
        '\u0915',
        '\u094d',
      ),
    );
    fc.assert(
      fc.property(fc.array(unit, { maxLength: 80 }), (units) => {
        const clean = cleanDisplayName(units.join(''));
        expect(clean).not.toMatch(/[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\u2028\u2029\uFEFF]/u);
        expect(clean.isWellFormed()).toBe(true);
        expect(clean).toBe(clean.trim());
        expect(cleanDisplayName(clean)).toBe(clean);
        if (clean !== '') expect(isVisibleName(units.join(''))).toBe(true);
        expect(clean === '' || /[\p{L}\p{N}\p{Extended_Pictographic}\p{Emoji_Presentation}]/u.test(clean)).toBe(true);
        expect(graphemes(clean)).toBeLessThanOrEqual(64);
      }),
      { numRuns: 500 },
    );
  });
});
