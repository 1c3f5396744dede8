import { createCipheriv, createDecipheriv, createHmac, timingSafeEqual } from 'node:crypto';
import type { SrtcpSession, SrtpSession } from 'werift';
import type { SrtpSessions } from '../dtlsSession';
import { PacketIndex } from './packetIndex';
import { rtpSequence, rtpSsrc } from './rtpHeader';

/** Protects packets to one client and unprotects packets from it (RFC 3711). Never throws. */
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

  /** A protected packet; null if it is too old to be sent. */
  protect(header: Buffer, payload: Buffer): Buffer | null {
    const ssrc = rtpSsrc(header);
    const indices = indexOf(this.sent, ssrc);
    const index = indices.estimate(rtpSequence(header));
    if (!indices.isFresh(index)) return null;
    indices.advance(index);
    return this.outbound.protect(header, payload, ssrc, index);
  }

  /** The payload of a packet; null if it is not authentic, too old, or a repetition. */
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

  /** A protected RTCP packet; null if `packet` is none. */
  protectRtcp(packet: Buffer): Buffer | null {
    return packet.length >= 8 ? this.srtcp.encrypt(packet) : null;
  }

  /** The plain compound packet; null if it is not authentic. */
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

/**
 * Encrypts and decrypts the payloads of SRTP packets in one direction. Unlike werift's, it neither reads nor writes headers:
 * they travel unencrypted and unchanged. `index` is the packet's 48-bit index (RFC 3711, 3.3.1).
 */
interface SrtpCipher {
  readonly tagBytes: number;
  /** The whole protected packet. */
  protect(header: Buffer, payload: Buffer, ssrc: number, index: number): Buffer;
  /** The payload of `packet`, whose first `headerBytes` are the header; null if it is not authentic. */
  unprotect(packet: Buffer, headerBytes: number, ssrc: number, index: number): Buffer | null;
}

/** The cipher for a profile, with the session keys that werift has derived. */
function createSrtpCipher({
  profile,
  srtpSessionKey,
  srtpSessionSalt,
  srtpSessionAuthTag,
}: SrtpSession['localContext']): SrtpCipher {
  return profile === 0x0007
    ? new GcmCipher(srtpSessionKey, srtpSessionSalt)
    : new CounterCipher(srtpSessionKey, srtpSessionSalt, srtpSessionAuthTag);
}

const SEQUENCES = 65_536;
const UINT32 = 2 ** 32;

/** AEAD_AES_128_GCM (RFC 7714, 8 and 9). */
class GcmCipher implements SrtpCipher {
  readonly tagBytes = 16;
  private readonly iv = Buffer.alloc(12);

  constructor(
    private readonly key: Buffer,
    private readonly salt: Buffer,
  ) {}

  protect(header: Buffer, payload: Buffer, ssrc: number, index: number): Buffer {
    const cipher = createCipheriv('aes-128-gcm', this.key, this.vector(ssrc, index));
    cipher.setAAD(header);
    const packet = Buffer.allocUnsafe(header.length + payload.length + this.tagBytes);
    packet.set(header, 0);
    packet.set(cipher.update(payload), header.length);
    cipher.final();
    packet.set(cipher.getAuthTag(), header.length + payload.length);
    return packet;
  }

  unprotect(packet: Buffer, headerBytes: number, ssrc: number, index: number): Buffer | null {
    const tagAt = packet.length - this.tagBytes;
    const decipher = createDecipheriv('aes-128-gcm', this.key, this.vector(ssrc, index));
    decipher.setAAD(packet.subarray(0, headerBytes));
    decipher.setAuthTag(packet.subarray(tagAt));
    const payload = decipher.update(packet.subarray(headerBytes, tagAt));
    try {
      decipher.final();
      return payload;
    } catch {
      return null;
    }
  }

  /** 0, SSRC, rollover counter and sequence, each xored with the salt. Node copies it, so one buffer is enough. */
  private vector(ssrc: number, index: number): Buffer {
    const { iv, salt } = this;
    iv.writeUInt16BE(0, 0);
    iv.writeUInt32BE(ssrc, 2);
    iv.writeUInt32BE(Math.floor(index / SEQUENCES) % UINT32, 6);
    iv.writeUInt16BE(index % SEQUENCES, 10);
    for (let i = 0; i < 12; i += 1) iv[i]! ^= salt[i]!;
    return iv;
  }
}

/** AES_CM_128_HMAC_SHA1_80 (RFC 3711, 4.1.1 and 4.2.1). */
class CounterCipher implements SrtpCipher {
  readonly tagBytes = 10;
  private readonly counter = Buffer.alloc(16);
  private readonly rollover = Buffer.alloc(4);

  constructor(
    private readonly key: Buffer,
    private readonly salt: Buffer,
    private readonly authKey: Buffer,
  ) {}

  protect(header: Buffer, payload: Buffer, ssrc: number, index: number): Buffer {
    const cipher = createCipheriv('aes-128-ctr', this.key, this.vector(ssrc, index));
    const tagAt = header.length + payload.length;
    const packet = Buffer.allocUnsafe(tagAt + this.tagBytes);
    packet.set(header, 0);
    packet.set(cipher.update(payload), header.length);
    this.tag(packet.subarray(0, tagAt), index).copy(packet, tagAt, 0, this.tagBytes);
    return packet;
  }

  unprotect(packet: Buffer, headerBytes: number, ssrc: number, index: number): Buffer | null {
    const tagAt = packet.length - this.tagBytes;
    const expected = this.tag(packet.subarray(0, tagAt), index).subarray(0, this.tagBytes);
    if (!timingSafeEqual(expected, packet.subarray(tagAt))) return null;
    const decipher = createDecipheriv('aes-128-ctr', this.key, this.vector(ssrc, index));
    return decipher.update(packet.subarray(headerBytes, tagAt));
  }

  private tag(authenticated: Buffer, index: number): Buffer {
    this.rollover.writeUInt32BE(Math.floor(index / SEQUENCES) % UINT32, 0);
    return createHmac('sha1', this.authKey).update(authenticated).update(this.rollover).digest();
  }

  /** Salt in the upper 14 bytes, xored with the SSRC and the index. */
  private vector(ssrc: number, index: number): Buffer {
    const { counter, salt } = this;
    counter.fill(0);
    counter.writeUInt32BE(ssrc, 4);
    counter.writeUInt32BE(Math.floor(index / SEQUENCES) % UINT32, 8);
    counter.writeUInt16BE(index % SEQUENCES, 12);
    for (let i = 0; i < 14; i += 1) counter[i]! ^= salt[i]!;
    return counter;
  }
}
