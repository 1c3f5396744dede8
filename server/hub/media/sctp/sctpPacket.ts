/** Checks SCTP packets (RFC 9260, 3) before werift reads them, which expects them to be well-formed. */

const COMMON_HEADER_BYTES = 12;
const CHUNK_HEADER_BYTES = 4;

export const CHUNK_TYPE = { data: 0, init: 1, sack: 3, forwardTsn: 192 } as const;

/** Chunk types that werift can read, with the minimum length of each. */
const LEAST_BYTES: Readonly<Record<number, number>> = {
  [CHUNK_TYPE.data]: 16,
  [CHUNK_TYPE.init]: 20,
  2: 20, // INIT ACK
  [CHUNK_TYPE.sack]: 16,
  4: 4, // HEARTBEAT
  5: 4, // HEARTBEAT ACK
  6: 4, // ABORT
  7: 8, // SHUTDOWN
  8: 4, // SHUTDOWN ACK
  9: 4, // ERROR
  10: 4, // COOKIE ECHO
  11: 4, // COOKIE ACK
  14: 4, // SHUTDOWN COMPLETE
  130: 4, // RE-CONFIG (RFC 6525)
  [CHUNK_TYPE.forwardTsn]: 8, // RFC 3758
};

/** Offset of the parameters in chunks that have them. */
const PARAMETERS_OFFSET: Readonly<Record<number, number>> = {
  [CHUNK_TYPE.init]: 20,
  2: 20,
  4: 4,
  5: 4,
  6: 4,
  9: 4,
  130: 4,
};

/** Most streams: each costs memory, and a client needs one. */
const STREAMS_MAX = 1_024;
/** Most packets that the gaps of a SACK may span: more than the hub ever has in flight. */
const SACK_SPAN_MAX = 2_048;

/** Whether werift may read `data`. It drops a packet with a wrong checksum itself. */
export function isReadableSctp(data: Buffer): boolean {
  if (data.length < COMMON_HEADER_BYTES + CHUNK_HEADER_BYTES) return false;
  for (let at = COMMON_HEADER_BYTES; at + CHUNK_HEADER_BYTES <= data.length; ) {
    const size = data.readUInt16BE(at + 2);
    if (at + size > data.length || !isReadableChunk(data.subarray(at, at + size))) return false;
    at += padded(size);
  }
  return true;
}

/** Type of the packet's first chunk. `data` is readable. */
export function firstChunkType(data: Buffer): number {
  return data[COMMON_HEADER_BYTES]!;
}

function isReadableChunk(chunk: Buffer): boolean {
  const type = chunk[0] ?? -1;
  const least = LEAST_BYTES[type];
  if (least === undefined || chunk.length < least) return false;
  if (type === CHUNK_TYPE.data) return chunk.readUInt16BE(8) < STREAMS_MAX;
  if (type === CHUNK_TYPE.sack) return isReadableSack(chunk);
  if (type === CHUNK_TYPE.forwardTsn) return isReadableForwardTsn(chunk);
  const parameters = PARAMETERS_OFFSET[type];
  return parameters === undefined || areReadableParameters(chunk, parameters);
}

/** A parameter of length 0 would be read for ever. */
function areReadableParameters(chunk: Buffer, offset: number): boolean {
  for (let at = offset; at + 4 <= chunk.length; ) {
    const size = chunk.readUInt16BE(at + 2);
    if (size < 4) return false;
    at += padded(size);
  }
  return true;
}

function isReadableSack(chunk: Buffer): boolean {
  const gaps = chunk.readUInt16BE(12);
  const duplicates = chunk.readUInt16BE(14);
  if (chunk.length < 16 + gaps * 4 + duplicates * 4) return false;
  let span = 0;
  for (let gap = 0; gap < gaps; gap += 1) {
    const at = 16 + gap * 4;
    span += Math.max(0, chunk.readUInt16BE(at + 2) - chunk.readUInt16BE(at)) + 1;
  }
  return span <= SACK_SPAN_MAX;
}

function isReadableForwardTsn(chunk: Buffer): boolean {
  if (chunk.length % 4 !== 0) return false;
  for (let at = 8; at < chunk.length; at += 4) if (chunk.readUInt16BE(at) >= STREAMS_MAX) return false;
  return true;
}

function padded(size: number): number {
  return size + ((4 - (size % 4)) % 4);
}

/** The Data Channel Establishment Protocol (RFC 8832) and the payload identifiers of RFC 8831, 8. */

export const PAYLOAD = { dcep: 50, text: 51, binary: 53, emptyText: 56, emptyBinary: 57 } as const;

const OPEN = 0x03;
const OPEN_BYTES = 12;
const UNORDERED_BIT = 0x80;

/** The answer to an open message. */
export const DCEP_ACK: Buffer = Buffer.from([0x02]);

/** The channel that a client wants to open. */
interface ChannelOpen {
  readonly label: string;
  readonly protocol: string;
  readonly isOrdered: boolean;
}

/** Reads an open message; null if it is none. */
export function readChannelOpen(data: Buffer): ChannelOpen | null {
  if (data.length < OPEN_BYTES || data[0] !== OPEN) return null;
  const labelEnd = OPEN_BYTES + data.readUInt16BE(8);
  const protocolEnd = labelEnd + data.readUInt16BE(10);
  if (protocolEnd > data.length) return null;
  return {
    label: data.toString('utf8', OPEN_BYTES, labelEnd),
    protocol: data.toString('utf8', labelEnd, protocolEnd),
    isOrdered: (data[1]! & UNORDERED_BIT) === 0,
  };
}
