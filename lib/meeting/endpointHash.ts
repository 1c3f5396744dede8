/** Offset basis and prime of FNV-1a with 32 bits (draft-eastlake-fnv, 5). */
const OFFSET_BASIS = 0x811c9dc5;
const PRIME = 0x01000193;

/**
 * An endpoint's id in four bytes (rule M-21): FNV-1a over its UTF-16 units, the lower byte of each first. Whoever forged an
 * id of the same hash would only share another's report, which it could have written anyhow.
 */
export function endpointHash(endpointId: string): number {
  let hash = OFFSET_BASIS;
  for (let k = 0; k < endpointId.length; k += 1) {
    const unit = endpointId.charCodeAt(k);
    hash = Math.imul(hash ^ (unit & 0xff), PRIME);
    if (unit > 0xff) hash = Math.imul(hash ^ (unit >> 8), PRIME);
  }
  return hash >>> 0;
}
