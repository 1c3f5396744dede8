/** Reading RTP headers (RFC 3550, 5.1) in place, without creating an object. */

const FIXED_BYTES = 12;
const ONE_BYTE_PROFILE = 0xbede;

/** Whether a datagram of the media range is RTCP (RFC 5761). */
export function isRtcp(data: Buffer): boolean {
  const type = data[1] ?? 0;
  return type >= 192 && type <= 223;
}

/** Length of the header with sources and extension, or -1 if `data` (without its tag, if any) is not an RTP packet. */
export function rtpHeaderBytes(data: Buffer): number {
  if (data.length < FIXED_BYTES) return -1;
  const first = data[0]!;
  if (first >> 6 !== 2) return -1;
  let size = FIXED_BYTES + (first & 0x0f) * 4;
  if (first & 0x10) {
    if (size + 4 > data.length) return -1;
    size += 4 + data.readUInt16BE(size + 2) * 4;
  }
  return size <= data.length ? size : -1;
}

export function rtpSsrc(data: Buffer): number {
  return data.readUInt32BE(8);
}

export function rtpSequence(data: Buffer): number {
  return data.readUInt16BE(2);
}

export function rtpTimestamp(data: Buffer): number {
  return data.readUInt32BE(4);
}

/**
 * Offset of the data of a one-byte header extension (RFC 8285, 4.2), or -1. `header` is the whole header, as
 * {@link rtpHeaderBytes} measures it.
 */
function oneByteExtensionOffset(header: Buffer, id: number): number {
  if (!(header[0]! & 0x10)) return -1;
  const extension = FIXED_BYTES + (header[0]! & 0x0f) * 4;
  if (header.readUInt16BE(extension) !== ONE_BYTE_PROFILE) return -1;
  for (let at = extension + 4; at < header.length; ) {
    const byte = header[at]!;
    if (byte === 0) {
      at += 1;
      continue;
    }
    if (byte >> 4 === 15) return -1;
    const size = (byte & 0x0f) + 1;
    if (at + 1 + size > header.length) return -1;
    if (byte >> 4 === id) return at + 1;
    at += 1 + size;
  }
  return -1;
}

/** Turns a one-byte header extension into padding (RFC 8285, 4.2), if the packet has it. */
export function blankExtension(header: Buffer, id: number): void {
  const offset = oneByteExtensionOffset(header, id);
  if (offset < 0) return;
  const size = (header[offset - 1]! & 0x0f) + 1;
  header.fill(0, offset - 1, offset + size);
}

/** Id of `urn:ietf:params:rtp-hdrext:ssrc-audio-level` in every offer of the hub. */
const AUDIO_LEVEL_ID = 1;

/** The audio level (RFC 6464) in dB below overload, 0 the loudest and 127 silence; -1 if the packet has none. */
export function audioLevelDb(header: Buffer): number {
  const offset = oneByteExtensionOffset(header, AUDIO_LEVEL_ID);
  return offset < 0 ? -1 : header[offset]! & 0x7f;
}
