/** Reading compound RTCP packets (RFC 3550, 6.1) in place. */

export const RTCP_TYPE = { senderReport: 200, rtpFeedback: 205, payloadFeedback: 206 } as const;

/** Formats of feedback packets (RFC 4585, RFC 5104). */
const FORMAT = { nack: 1, pictureLoss: 1, fullIntra: 4 } as const;

const HEADER_BYTES = 4;
const FEEDBACK_BYTES = 12;
const SENDER_REPORT_BYTES = 28;

/** What the hub heeds of a compound packet. */
export interface RtcpVisitor {
  /** `report`: header, sender's SSRC and sender info, without report blocks (28 bytes). */
  onSenderReport(ssrc: number, report: Buffer): void;
  /** A receiver asks the sender of `mediaSsrc` for a key frame (PLI or FIR). */
  onKeyFrameRequest(mediaSsrc: number): void;
  /** A receiver misses a packet. */
  onLost(mediaSsrc: number, sequence: number): void;
}

/** Walks through a plain compound packet. False where it is malformed; what came before has been visited. */
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

/** The blocks tell how the sender receives others, which concerns nobody here. */
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
