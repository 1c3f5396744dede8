/** The Data Channel Establishment Protocol (RFC 8832) and the payload identifiers of RFC 8831, 8. */

export const PAYLOAD = { dcep: 50, text: 51, binary: 53, emptyText: 56, emptyBinary: 57 } as const;

const OPEN = 0x03;
const OPEN_BYTES = 12;
const UNORDERED_BIT = 0x80;

/** Answer to an open message. */
export const DCEP_ACK: Buffer = Buffer.from([0x02]);

/** What a client wants to open. */
export interface ChannelOpen {
  readonly label: string;
  readonly protocol: string;
  readonly isOrdered: boolean;
}

/** Reads an open message; null where it is none. */
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
