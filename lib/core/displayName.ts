/** The longest name shown, in graphemes (what a reader counts as letters). */
const DISPLAY_NAME_MAX_GRAPHEMES = 64;

/** A grapheme may stack marks without end; one longer than this many UTF-16 units is cut off ("zalgo" text). */
const GRAPHEME_MAX_UNITS = 24;

/** White space, and what is drawn as white space although Unicode counts it as a symbol or a mark. */
const BLANKS = /[\s\u2800\u{16FE4}\u{1D159}]+/gu;

// Cc are control characters, the next two line and paragraph separators, the last three marks of annotations.
const UNWANTED = /[\p{Cc}\u2028\u2029\uFFF9-\uFFFB]/gu;

/** The three flags that are spelled with tags (England, Scotland, Wales), after the black flag. */
const FLAG_TAGS = ['gbeng', 'gbsct', 'gbwls']
  .map((region) => [...`${region}\x7F`].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join(''))
  .join('|');

const PICTOGRAPH = String.raw`(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F?)\p{Emoji_Modifier}?`;

/**
 * An emoji sequence (UTS #51), or a code point that is shown as nothing: Default_Ignorable_Code_Point, which contains the
 * fillers, joiners, soft hyphens, tags, variation selectors and the controls of UAX #9.
 */
const EMOJI_OR_NOTHING = new RegExp(
  String.raw`(\u{1F3F4}(?:${FLAG_TAGS})|[0-9#*]\uFE0F?\u20E3|${PICTOGRAPH}(?:\u200D${PICTOGRAPH})*)` +
    String.raw`|\p{Default_Ignorable_Code_Point}`,
  'gu',
);

/** What makes a name a name: a letter, a number or an emoji. */
const VISIBLE = /[\p{L}\p{N}\p{Extended_Pictographic}\p{Emoji_Presentation}]/u;

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function withoutNothing(text: string): string {
  return text.replace(EMOJI_OR_NOTHING, (_match, emoji: string | undefined) => emoji ?? '');
}

/**
 * Makes a name safe to show as text: control and bidi characters and all that is shown as nothing stripped, white space
 * collapsed and trimmed, at most {@link DISPLAY_NAME_MAX_GRAPHEMES} graphemes. Returns '' if no letter, number or emoji is
 * left. Never throws.
 */
export function cleanDisplayName(raw: string): string {
  const collapsed = withoutNothing(
    raw
      .slice(0, DISPLAY_NAME_MAX_GRAPHEMES * GRAPHEME_MAX_UNITS)
      .toWellFormed()
      .replace(UNWANTED, (control) => (/\s/u.test(control) ? ' ' : '')),
  )
    .replace(BLANKS, ' ')
    .trim();
  let clean = '';
  let count = 0;
  for (const { segment } of segmenter.segment(collapsed)) {
    if (count === DISPLAY_NAME_MAX_GRAPHEMES) break;
    clean += segment.slice(0, GRAPHEME_MAX_UNITS);
    count += 1;
  }
  // The cuts may have left half a letter or a joiner that joins nothing.
  clean = withoutNothing(clean.toWellFormed()).trim();
  return VISIBLE.test(clean) ? clean : '';
}
