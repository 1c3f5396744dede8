import type { SrtcpSession } from 'werift';
import type { SrtpSessions } from '../dtlsSession';
import { PacketIndex } from './packetIndex';
import { rtpSequence, rtpSsrc } from './rtpHeader';
import { createSrtpCipher, type SrtpCipher } from './srtpCipher';

/** Protects what goes to one client and opens what comes from it (RFC 3711). Nothing is thrown. */
export class SrtpChannel {
  private readonly outbound: SrtpCipher;
  private readonly inbound: SrtpCipher;
  private readonly srtcp: SrtcpSession;
  private readonly sent = new Map<number, PacketIndex>();
  private readonly received = new Map<number, PacketIndex>();

  constructor({ srtp, srtcp }: SrtpSessions) {
    this.outbound = createSrtpCipher(srtp.localContext);
    this.inbound = createSrtpCipher(srtp.remoteContext);
    this.srtcp = srtcp;
  }

  /** Bytes that protection adds to an RTP packet. */
  get tagBytes(): number {
    return this.inbound.tagBytes;
  }

  /** A protected packet; null where it is too old to be sent. */
  protect(header: Buffer, payload: Buffer): Buffer | null {
    const ssrc = rtpSsrc(header);
    const indices = indexOf(this.sent, ssrc);
    const index = indices.estimate(rtpSequence(header));
    if (!indices.isFresh(index)) return null;
    indices.advance(index);
    return this.outbound.protect(header, payload, ssrc, index);
  }

  /** The payload of a packet; null where it isn't authentic, is too old, or has come before. */
  unprotect(packet: Buffer, headerBytes: number): Buffer | null {
    if (headerBytes + this.tagBytes > packet.length) return null;
    const ssrc = rtpSsrc(packet);
    const indices = indexOf(this.received, ssrc);
    const index = indices.estimate(rtpSequence(packet));
    if (!indices.isFresh(index)) return null;
    const payload = this.inbound.unprotect(packet, headerBytes, ssrc, index);
    if (payload) indices.take(index);
    return payload;
  }

  /** A protected RTCP packet; null where it is none. */
  protectRtcp(packet: Buffer): Buffer | null {
    return packet.length >= 8 ? this.srtcp.encrypt(packet) : null;
  }

  /** The plain compound packet; null where it isn't authentic. */
  unprotectRtcp(packet: Buffer): Buffer | null {
    try {
      return this.srtcp.decrypt(packet);
    } catch {
      return null;
    }
  }
}

function indexOf(indices: Map<number, PacketIndex>, ssrc: number): PacketIndex {
  const existing = indices.get(ssrc);
  if (existing) return existing;
  const index = new PacketIndex();
  indices.set(ssrc, index);
  return index;
}
