import type { Pose } from '@/lib/pose/pose';
import { wrapPacket } from '@/lib/transport/bridgeMessage';
import type { BenchClip } from './benchClip';
import type { CodecUnderTest, Packet } from './codecUnderTest';
import { ErrorMeter, type ErrorSummary } from './errorMeter';

/** A bridge's endpoint ids have eight hexadecimal digits. */
const SENDER = 'a1b2c3d4';

/** Header of a server's WebSocket frame: no mask; two more bytes for a length of 126 or more. */
const WS_HEAD_BYTES = 2;
const WS_LONG_HEAD_BYTES = 4;
const WS_SHORT_MAX_BYTES = 125;
/** TLS 1.3: record header 5, content type 1, tag 16. */
const TLS_BYTES = 22;
/** IPv4 20, TCP 20 with its timestamps 12. */
const TCP_IP_BYTES = 52;
/** Payload of one segment over Ethernet. */
const SEGMENT_MAX_BYTES = 1448;

/** SCTP's common header 12 and DATA chunk 16, DTLS 1.2 with AES-GCM 37, UDP and IPv4 28. */
const SCTP_HEAD_BYTES = 28;
const SCTP_ALIGNMENT = 4;
const DTLS_BYTES = 37;
const UDP_IP_BYTES = 28;

/** The endpoint message that a receiver gets, as the bridge writes it. JSON travels as it is. */
export function endpointMessage(packet: Packet): string {
  const msgPayload: unknown =
    typeof packet === 'string' ? { parley: JSON.parse(packet) } : wrapPacket(packet, packet.length);
  return JSON.stringify({ colibriClass: 'EndpointMessage', from: SENDER, to: '', msgPayload });
}

/**
 * Bytes on the wire at one receiver for one message over the bridge's WebSocket: one frame in one TLS record, in as few TCP
 * segments as hold it. Acknowledgements go the other way and do not count.
 */
export function webSocketWireBytes(packet: Packet): number {
  const text = Buffer.byteLength(endpointMessage(packet));
  const framed = text + (text > WS_SHORT_MAX_BYTES ? WS_LONG_HEAD_BYTES : WS_HEAD_BYTES) + TLS_BYTES;
  return framed + TCP_IP_BYTES * Math.ceil(framed / SEGMENT_MAX_BYTES);
}

/** The same over a WebRTC data channel, one datagram per message. */
export function dataChannelWireBytes(packet: Packet): number {
  const text = Buffer.byteLength(endpointMessage(packet));
  const padded = Math.ceil(text / SCTP_ALIGNMENT) * SCTP_ALIGNMENT;
  return padded + SCTP_HEAD_BYTES + DTLS_BYTES + UDP_IP_BYTES;
}

/** Rate and error of a codec at one setting. */
export interface RateMeasurement {
  readonly level: number;
  readonly framesPerPacket: number;
  /** Frames that were encoded and arrived. */
  readonly frames: number;
  readonly packets: number;
  readonly bytesPerFrame: number;
  /** Payload handed to the transport, kilobits a second. */
  readonly kbps: number;
  /** On the wire at one receiver, from one sender, over the bridge's WebSocket. */
  readonly wireKbps: number;
  /** The same over a data channel. */
  readonly dataChannelKbps: number;
  /** Largest packet, bytes. */
  readonly packetMaxBytes: number;
  /** Null if the codec's packets are not poses. */
  readonly errors: ErrorSummary | null;
}

interface Sent {
  readonly pose: Pose;
  readonly timeMs: number;
}

/** Times may travel modulo this, in whole milliseconds. */
const TIME_MODULUS_MS = 0x10000;
const TIME_ROUNDING_MS = 1.5;

function isSameTime(aMs: number, bMs: number): boolean {
  const apart = (((aMs - bMs) % TIME_MODULUS_MS) + TIME_MODULUS_MS) % TIME_MODULUS_MS;
  return Math.min(apart, TIME_MODULUS_MS - apart) <= TIME_ROUNDING_MS;
}

/** Sums over the clips of one measurement. */
class RateMeter {
  private readonly errors = new ErrorMeter();
  private frames = 0;
  private seconds = 0;
  private packets = 0;
  private payloadBytes = 0;
  private wireBytes = 0;
  private dataChannelBytes = 0;
  private packetMaxBytes = 0;

  constructor(
    private readonly codec: CodecUnderTest,
    private readonly level: number,
    private readonly framesPerPacket: number,
  ) {}

  /** Frames of an unfinished last packet are neither sent nor counted. */
  measure(clip: BenchClip): void {
    const session = this.codec.open(this.level, this.framesPerPacket);
    let waiting: Sent[] = [];
    clip.poses.forEach((pose, frame) => {
      const timeMs = (frame * 1000) / clip.fps;
      waiting.push({ pose, timeMs });
      if (!session.encode(pose, timeMs)) return;
      const packet = session.packet();
      this.addPacket(packet.length, webSocketWireBytes(packet), dataChannelWireBytes(packet));
      if (this.codec.isReadable) session.decode(packet, (decoded, atMs) => this.addFrame(waiting, decoded, atMs, clip));
      else for (const _ of waiting) this.countFrame(clip);
      if (this.codec.isReadable && waiting.length > 0) throw new Error('frames were left out');
      waiting = [];
    });
  }

  private addPacket(sizeBytes: number, wireBytes: number, dataChannelBytes: number): void {
    this.packets += 1;
    this.payloadBytes += sizeBytes;
    this.wireBytes += wireBytes;
    this.dataChannelBytes += dataChannelBytes;
    this.packetMaxBytes = Math.max(this.packetMaxBytes, sizeBytes);
  }

  private addFrame(waiting: Sent[], decoded: Pose, atMs: number, clip: BenchClip): void {
    const sent = waiting.shift();
    if (!sent || !isSameTime(sent.timeMs, atMs)) throw new Error(`a decoded frame of ${atMs} ms was never sent`);
    this.errors.add(sent.pose, decoded, clip.isMoving);
    this.countFrame(clip);
  }

  private countFrame({ fps }: BenchClip): void {
    this.frames += 1;
    this.seconds += 1 / fps;
  }

  result(): RateMeasurement {
    const kbps = (bytes: number) => (bytes * 8) / 1000 / this.seconds;
    return {
      level: this.level,
      framesPerPacket: this.framesPerPacket,
      frames: this.frames,
      packets: this.packets,
      bytesPerFrame: this.payloadBytes / this.frames,
      kbps: kbps(this.payloadBytes),
      wireKbps: kbps(this.wireBytes),
      dataChannelKbps: kbps(this.dataChannelBytes),
      packetMaxBytes: this.packetMaxBytes,
      errors: this.codec.isReadable ? this.errors.summary() : null,
    };
  }
}

/** Sends each clip through a codec at the clip's rate, with a new sender and receiver. */
export function measureRate(
  codec: CodecUnderTest,
  level: number,
  framesPerPacket: number,
  clips: readonly BenchClip[],
): RateMeasurement {
  const meter = new RateMeter(codec, level, framesPerPacket);
  for (const clip of clips) meter.measure(clip);
  return meter.result();
}
