/** The longest name shown, in graphemes (what a reader counts as letters). */
const DISPLAY_NAME_MAX_GRAPHEMES = 64;

/** A grapheme may stack marks without end; one longer than this many UTF-16 units is cut off ("zalgo" text). */
const GRAPHEME_MAX_UNITS = 24;

// Cc are control characters; the rest are the bidi controls of UAX #9, line and paragraph separators and the BOM.
const UNWANTED = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\u2028\u2029\uFEFF]/gu;

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/**
 * Makes a name safe to show as text: control and bidi characters stripped, white space collapsed and trimmed, at most
 * {@link DISPLAY_NAME_MAX_GRAPHEMES} graphemes. Returns '' if nothing is left. Never throws.
 */
export function cleanDisplayName(raw: string): string {
  const collapsed = raw
    .slice(0, DISPLAY_NAME_MAX_GRAPHEMES * GRAPHEME_MAX_UNITS)
    .replace(/\s+/gu, ' ')
    .replace(UNWANTED, '')
    .toWellFormed()
    .trim();
  let clean = '';
  let count = 0;
  for (const { segment } of segmenter.segment(collapsed)) {
    if (count === DISPLAY_NAME_MAX_GRAPHEMES) break;
    clean += segment.slice(0, GRAPHEME_MAX_UNITS);
    count += 1;
  }
  return clean.toWellFormed().trim();
}
