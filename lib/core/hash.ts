const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** The CRC of ISO 3309 (zip, PNG, STUN's fingerprint), unsigned. Node has its own only since 20.15. */
export function crc32(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < data.length; i += 1) crc = TABLE[(crc ^ data[i]!) & 0xff]! ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

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
