import fc from 'fast-check';

const SURROGATES = 0xd800;
const SURROGATE_COUNT = 0x800;
const POINTS = 0x110000 - SURROGATE_COUNT;
const PRINTABLE = 0x20;
const PRINTABLE_COUNT = 95;

/** Swaps printable ASCII with what comes before it, since small numbers come more often. */
function pointOf(index: number): number {
  if (index < PRINTABLE_COUNT) return index + PRINTABLE;
  if (index < PRINTABLE_COUNT + PRINTABLE) return index - PRINTABLE_COUNT;
  return index < SURROGATES ? index : index + SURROGATE_COUNT;
}

function indexOf(character: unknown): number {
  const point = typeof character === 'string' ? character.codePointAt(0) : undefined;
  if (point === undefined || String.fromCodePoint(point) !== character) throw new Error('not one character');
  if (point < PRINTABLE) return point + PRINTABLE_COUNT;
  if (point < PRINTABLE + PRINTABLE_COUNT) return point - PRINTABLE;
  return point < SURROGATES ? point : point - SURROGATE_COUNT;
}

const anyCharacter = fc
  .integer({ min: 0, max: POINTS - 1 })
  .map((index) => String.fromCodePoint(pointOf(index)), indexOf);

/** Texts of any characters, as fast-check's `binary` unit makes them, which takes a second of a core to set up. */
export function anyText(constraints: { readonly maxLength?: number } = {}): fc.Arbitrary<string> {
  return fc.string({ ...constraints, unit: anyCharacter });
}
