/** Offset basis and prime of FNV-1a with 32 bits (draft-eastlake-fnv, 5). */
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/** FNV-1a of a text, 32 bits, unsigned: over its UTF-16 units, the lower byte of each first, the upper one where it is not 0. */
export function fnv1a(text: string): number {
  let hash = OFFSET_BASIS;
  for (let k = 0; k < text.length; k += 1) {
    const unit = text.charCodeAt(k);
    hash = Math.imul(hash ^ (unit & 0xff), PRIME);
    if (unit > 0xff) hash = Math.imul(hash ^ (unit >> 8), PRIME);
  }
  return hash >>> 0;
}
