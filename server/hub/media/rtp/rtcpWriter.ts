/** RTCP packets that the hub itself sends. */

/** SSRC under which the hub sends RTCP. */
export const HUB_SSRC = 1;

const REPORT_BLOCK_BYTES = 24;

/** One block of a receiver report (RFC 3550, 6.4.1). */
export interface ReportBlock {
  readonly ssrc: number;
  /** Share of packets lost since the report before, in 1/256. */
  readonly fractionLost: number;
  readonly packetsLost: number;
  /** Highest sequence number received, with the count of wraps above. */
  readonly highestSequence: number;
  /** In units of the RTP timestamp. */
  readonly jitter: number;
  /** Middle 32 bits of the NTP time of the last sender report, 0 for none. */
  readonly lastSenderReport: number;
  /** Since that report came, in 1/65536 s. */
  readonly delaySinceReport: number;
}

export function writeReceiverReport(blocks: readonly ReportBlock[]): Buffer {
  const packet = header(0x80 | blocks.length, 201, 8 + blocks.length * REPORT_BLOCK_BYTES);
  blocks.forEach((block, index) => {
    writeBlock(packet, 8 + index * REPORT_BLOCK_BYTES, block);
  });
  return packet;
}

/** Asks for a key frame (PLI, RFC 4585, 6.3.1). Begins with an empty report, as a compound packet must. */
export function writePictureLoss(mediaSsrc: number): Buffer {
  const packet = header(0x81, 206, 12);
  packet.writeUInt32BE(mediaSsrc, 8);
  return Buffer.concat([writeReceiverReport([]), packet]);
}

/** Asks for packets again (generic NACK, RFC 4585, 6.2.1). */
export function writeNack(mediaSsrc: number, sequences: readonly number[]): Buffer {
  const packet = header(0x81, 205, 12 + sequences.length * 4);
  packet.writeUInt32BE(mediaSsrc, 8);
  sequences.forEach((sequence, index) => {
    packet.writeUInt16BE(sequence, 12 + index * 4);
  });
  return Buffer.concat([writeReceiverReport([]), packet]);
}

/** Tells how much may be sent in all (draft-alvestrand-rmcat-remb-03, 2.2): 6 bits of exponent, 18 of mantissa. */
export function writeBitrateLimit(bitsPerSecond: number, ssrcs: readonly number[]): Buffer {
  const packet = header(0x8f, 206, 20 + ssrcs.length * 4);
  let exponent = 0;
  while (Math.floor(bitsPerSecond / 2 ** exponent) > 0x3ffff) exponent += 1;
  packet.write('REMB', 12, 'latin1');
  packet.writeUInt32BE(ssrcs.length * 2 ** 24 + exponent * 2 ** 18 + Math.floor(bitsPerSecond / 2 ** exponent), 16);
  ssrcs.forEach((ssrc, index) => {
    packet.writeUInt32BE(ssrc, 20 + index * 4);
  });
  return packet;
}

function header(first: number, type: number, sizeBytes: number): Buffer {
  const packet = Buffer.alloc(sizeBytes);
  packet[0] = first;
  packet[1] = type;
  packet.writeUInt16BE(sizeBytes / 4 - 1, 2);
  packet.writeUInt32BE(HUB_SSRC, 4);
  return packet;
}

function writeBlock(packet: Buffer, at: number, block: ReportBlock): void {
  packet.writeUInt32BE(block.ssrc, at);
  packet.writeUInt32BE(((block.fractionLost & 0xff) * 2 ** 24 + (block.packetsLost & 0xffffff)) >>> 0, at + 4);
  packet.writeUInt32BE(block.highestSequence >>> 0, at + 8);
  packet.writeUInt32BE(block.jitter >>> 0, at + 12);
  packet.writeUInt32BE(block.lastSenderReport >>> 0, at + 16);
  packet.writeUInt32BE(block.delaySinceReport >>> 0, at + 20);
}
