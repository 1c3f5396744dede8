import { isVisibleName } from './visibleName';

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

/** Arabic letters that join the letter after them, and those that only join the one before (Joining_Type D and R). */
const JOINS_BOTH = String.raw`\u0620\u0626\u0628\u062A-\u062E\u0633-\u063F\u0641-\u0647\u0649\u064A\u066E\u066F\u0678-\u0687\u069A-\u06BF\u06C1\u06C2\u06CC\u06CE\u06D0\u06D1\u06FA-\u06FC\u06FF\u0750-\u0758\u075C-\u076A\u076D-\u0770\u0772\u0775-\u0777\u077A-\u077F`;
const JOINS_BEFORE = String.raw`\u0622-\u0625\u0627\u0629\u062F-\u0632\u0648\u0671-\u0673\u0675-\u0677\u0688-\u0699\u06C0\u06C3-\u06CB\u06CD\u06CF\u06D2\u06D3\u06D5\u06EE\u06EF\u0759-\u075B\u076B\u076C\u0771\u0773\u0774\u0778\u0779`;

/** Viramas of scripts whose consonants form conjuncts, Devanagari to Sinhala. */
const VIRAMA = String.raw`[\u094D\u09CD\u0A4D\u0ACD\u0B4D\u0BCD\u0C4D\u0CCD\u0D4D\u0DCA]`;

/**
 * A joiner that changes how its neighbours are written (UAX #31, contexts A1, A2 and B): one that keeps two Arabic letters
 * apart, one between a virama and what follows, and the one that Bengali puts into a ra that keeps its form before ya.
 * Everywhere else joiners are shown as nothing.
 */
const JOINER = [
  String.raw`\u200C(?<=[${JOINS_BOTH}]\p{Mn}*\u200C)(?=[${JOINS_BOTH}${JOINS_BEFORE}])`,
  String.raw`\u200C(?<=\p{L}\p{M}*${VIRAMA}\u200C)(?=\p{L})`,
  String.raw`\u200D(?<=\p{L}\p{M}*${VIRAMA}\u200D)(?!\p{M})`,
  String.raw`\u200D(?<=\u09B0\u200D)(?=\u09CD\u09AF)`,
].join('|');

/**
 * An emoji sequence (UTS #51), a joiner that is needed, or a code point that is shown as nothing: Default_Ignorable_Code_Point, which contains the
 * fillers, joiners, soft hyphens, tags, variation selectors and the controls of UAX #9.
 */
const KEPT_OR_NOTHING = new RegExp(
  String.raw`(\u{1F3F4}(?:${FLAG_TAGS})|[0-9#*]\uFE0F?\u20E3|${PICTOGRAPH}(?:\u200D${PICTOGRAPH})*|${JOINER})` +
    String.raw`|\p{Default_Ignorable_Code_Point}`,
  'gu',
);

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

function withoutNothing(text: string): string {
  return text.replace(KEPT_OR_NOTHING, (_match, kept: string | undefined) => kept ?? '');
}

/**
 * Makes a name safe to show as text: control and bidi characters and all that is shown as nothing stripped, but for joiners that a script needs, white space
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
  return isVisibleName(clean) ? clean : '';
}
