/** Reading compound RTCP packets (RFC 3550, 6.1) in place. */

const RTCP_TYPE = { senderReport: 200, rtpFeedback: 205, payloadFeedback: 206 } as const;

/** Formats of feedback packets (RFC 4585, RFC 5104). */
const FORMAT = { nack: 1, pictureLoss: 1, fullIntra: 4 } as const;

const HEADER_BYTES = 4;
const FEEDBACK_BYTES = 12;
const SENDER_REPORT_BYTES = 28;

/** The parts of a compound packet that the hub acts on. */
interface RtcpVisitor {
  /** `report`: header, sender's SSRC and sender info, without report blocks (28 bytes). */
  onSenderReport(ssrc: number, report: Buffer): void;
  /** A receiver asks the sender of `mediaSsrc` for a key frame (PLI or FIR). */
  onKeyFrameRequest(mediaSsrc: number): void;
  /** A receiver misses a packet. */
  onLost(mediaSsrc: number, sequence: number): void;
}

/** Visits a plain compound packet. Returns false if it is malformed; parts before the fault have been visited. */
export function readRtcp(data: Buffer, visitor: RtcpVisitor): boolean {
  let at = 0;
  while (at < data.length) {
    if (at + HEADER_BYTES > data.length || data[at]! >> 6 !== 2) return false;
    const end = at + HEADER_BYTES + data.readUInt16BE(at + 2) * 4;
    if (end > data.length) return false;
    readPacket(data.subarray(at, end), visitor);
    at = end;
  }
  return data.length > 0;
}

function readPacket(packet: Buffer, visitor: RtcpVisitor): void {
  const format = packet[0]! & 0x1f;
  const type = packet[1];
  if (type === RTCP_TYPE.senderReport) {
    if (packet.length >= SENDER_REPORT_BYTES) visitor.onSenderReport(packet.readUInt32BE(4), withoutBlocks(packet));
  } else if (type === RTCP_TYPE.rtpFeedback) {
    if (format === FORMAT.nack) readNacks(packet, visitor);
  } else if (type === RTCP_TYPE.payloadFeedback) {
    if (format === FORMAT.pictureLoss && packet.length >= FEEDBACK_BYTES) {
      visitor.onKeyFrameRequest(packet.readUInt32BE(8));
    } else if (format === FORMAT.fullIntra) {
      readFullIntra(packet, visitor);
    }
  }
}

/** The blocks report how the sender receives others, which no receiver needs. */
function withoutBlocks(packet: Buffer): Buffer {
  const report = Buffer.from(packet.subarray(0, SENDER_REPORT_BYTES));
  report[0] = 0x80;
  report.writeUInt16BE(SENDER_REPORT_BYTES / 4 - 1, 2);
  return report;
}

/** Pairs of a sequence number and a mask of the 16 that follow (RFC 4585, 6.2.1). */
function readNacks(packet: Buffer, visitor: RtcpVisitor): void {
  if (packet.length < FEEDBACK_BYTES) return;
  const ssrc = packet.readUInt32BE(8);
  for (let at = FEEDBACK_BYTES; at + 4 <= packet.length; at += 4) {
    const first = packet.readUInt16BE(at);
    visitor.onLost(ssrc, first);
    for (let mask = packet.readUInt16BE(at + 2), offset = 1; mask !== 0; mask >>= 1, offset += 1) {
      if (mask & 1) visitor.onLost(ssrc, (first + offset) & 0xffff);
    }
  }
}

/** The SSRCs are in the entries (RFC 5104, 4.3.1.1). */
function readFullIntra(packet: Buffer, visitor: RtcpVisitor): void {
  for (let at = FEEDBACK_BYTES; at + 8 <= packet.length; at += 8) visitor.onKeyFrameRequest(packet.readUInt32BE(at));
}

/** RTCP packets that the hub itself sends. */

/** The SSRC of RTCP that the hub sends. */
const HUB_SSRC = 1;

const REPORT_BLOCK_BYTES = 24;

/** One block of a receiver report (RFC 3550, 6.4.1). */
export interface ReportBlock {
  readonly ssrc: number;
  /** Share of packets lost since the previous report, in 1/256. */
  readonly fractionLost: number;
  readonly packetsLost: number;
  /** Highest sequence number received, with the number of wraps in the upper bits. */
  readonly highestSequence: number;
  /** In units of the RTP timestamp. */
  readonly jitter: number;
  /** Middle 32 bits of the NTP time of the last sender report, 0 for none. */
  readonly lastSenderReport: number;
  /** Time since that report arrived, in 1/65536 s. */
  readonly delaySinceReport: number;
}

export function writeReceiverReport(blocks: readonly ReportBlock[]): Buffer {
  const packet = header(0x80 | blocks.length, 201, 8 + blocks.length * REPORT_BLOCK_BYTES);
  blocks.forEach((block, index) => {
    writeBlock(packet, 8 + index * REPORT_BLOCK_BYTES, block);
  });
  return packet;
}

/** Asks for a key frame (PLI, RFC 4585, 6.3.1). Starts with an empty report, as a compound packet must. */
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

/** Tells how much may be sent in total (draft-alvestrand-rmcat-remb-03, 2.2): 6 bits of exponent, 18 of mantissa. */
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
