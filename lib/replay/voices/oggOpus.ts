/** The generator of Ogg's checksum (RFC 3533, section 6). */
const POLYNOMIAL = 0x04c11db7;
const SERIAL = 0x5041524c;
const HEADER_BYTES = 27;
/** Segments of a page: lengths of packets are written in them, 255 bytes each. */
const SEGMENTS_MAX = 255;
const LACE = 255;
const FIRST = 2;
const LAST = 4;

const TABLE = Uint32Array.from({ length: 256 }, (_, index) => {
  let value = index << 24;
  for (let bit = 0; bit < 8; bit += 1) value = (value << 1) ^ (value < 0 ? POLYNOMIAL : 0);
  return value >>> 0;
});

function checksum(bytes: Uint8Array): number {
  let value = 0;
  for (const byte of bytes) value = ((value << 8) ^ TABLE[((value >>> 24) ^ byte) & 0xff]!) >>> 0;
  return value;
}

function lacesOf(sizeBytes: number): number[] {
  return [...Array<number>(Math.floor(sizeBytes / LACE)).fill(LACE), sizeBytes % LACE];
}

interface Page {
  readonly flags: number;
  readonly number: number;
  /** Samples at 48 kHz up to the end of the page. */
  readonly granule: number;
  readonly packets: readonly Uint8Array[];
}

function writePage({ flags, number, granule, packets }: Page): Uint8Array {
  const laces = packets.flatMap(({ length }) => lacesOf(length));
  const sizeBytes = packets.reduce((sum, { length }) => sum + length, 0);
  const page = new Uint8Array(HEADER_BYTES + laces.length + sizeBytes);
  const view = new DataView(page.buffer);
  view.setUint32(0, 0x4f676753);
  page[5] = flags;
  view.setUint32(6, granule % 2 ** 32, true);
  view.setUint32(10, Math.floor(granule / 2 ** 32), true);
  view.setUint32(14, SERIAL, true);
  view.setUint32(18, number, true);
  page[26] = laces.length;
  page.set(laces, HEADER_BYTES);
  let at = HEADER_BYTES + laces.length;
  for (const packet of packets) {
    page.set(packet, at);
    at += packet.length;
  }
  view.setUint32(22, checksum(page), true);
  return page;
}

const ascii = new TextEncoder();

/** The two packets before the sound (RFC 7845, section 5): mono, nothing skipped. */
function headers(): readonly [Uint8Array, Uint8Array] {
  const head = new Uint8Array(19);
  const view = new DataView(head.buffer);
  head.set(ascii.encode('OpusHead'));
  head[8] = 1;
  head[9] = 1;
  view.setUint32(12, 48_000, true);
  const tags = new Uint8Array(16);
  tags.set(ascii.encode('OpusTags'));
  return [head, tags];
}

/** Packets in as few pages as hold them. */
function pagesOf(packets: readonly Uint8Array[]): Uint8Array[][] {
  const pages: Uint8Array[][] = [[]];
  let segments = 0;
  for (const packet of packets) {
    const needed = lacesOf(packet.length).length;
    if (segments + needed > SEGMENTS_MAX) {
      pages.push([]);
      segments = 0;
    }
    pages.at(-1)!.push(packet);
    segments += needed;
  }
  return pages;
}

/** An Ogg file (RFC 3533, RFC 7845) of Opus packets that have `samplesEach` samples at 48 kHz, for browsers that decode only files. */
export function writeOggOpus(packets: readonly Uint8Array[], samplesEach: number): Uint8Array<ArrayBuffer> {
  const [head, tags] = headers();
  const pages = [
    writePage({ flags: FIRST, number: 0, granule: 0, packets: [head] }),
    writePage({ flags: 0, number: 1, granule: 0, packets: [tags] }),
  ];
  const sound = pagesOf(packets);
  let samples = 0;
  for (const [k, page] of sound.entries()) {
    samples += page.length * samplesEach;
    pages.push(writePage({ flags: k === sound.length - 1 ? LAST : 0, number: k + 2, granule: samples, packets: page }));
  }
  const whole = new Uint8Array(pages.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const page of pages) {
    whole.set(page, at);
    at += page.length;
  }
  return whole;
}
