import type { Pose } from '@/lib/pose/pose';
import { wrapPacket } from '@/lib/transport/bridgeMessage';
import type { BenchClip } from './benchClip';
import type { CodecUnderTest, Packet } from './codecUnderTest';
import { ErrorMeter, type ErrorSummary } from './errorMeter';

/** Endpoint ids of a bridge: eight hexadecimal digits. */
const SENDER = 'a1b2c3d4';

/** A WebSocket frame's head from a server: no mask; two more bytes for the length from 126 on. */
const WS_HEAD_BYTES = 2;
const WS_LONG_HEAD_BYTES = 4;
const WS_SHORT_MAX_BYTES = 125;
/** TLS 1.3: head of the record 5, content type 1, tag 16. */
const TLS_BYTES = 22;
/** IPv4 20, TCP 20 with its timestamps 12. */
const TCP_IP_BYTES = 52;
/** What one segment carries over Ethernet. */
const SEGMENT_MAX_BYTES = 1448;

/** SCTP's common head 12 and DATA chunk 16, DTLS 1.2 with AES-GCM 37, UDP and IPv4 28. */
const SCTP_HEAD_BYTES = 28;
const SCTP_ALIGNMENT = 4;
const DTLS_BYTES = 37;
const UDP_IP_BYTES = 28;

/** The endpoint message that a receiver gets: as the bridge writes it, `from` included. JSON travels as it is. */
export function endpointMessage(packet: Packet): string {
  const msgPayload: unknown =
    typeof packet === 'string' ? { parley: JSON.parse(packet) } : wrapPacket(packet, packet.length);
  return JSON.stringify({ colibriClass: 'EndpointMessage', from: SENDER, to: '', msgPayload });
}

/**
 * Bytes on the wire at one receiver for one message over the bridge's WebSocket: a WebSocket frame in a TLS record of its
 * own, in as few TCP segments as hold it. Acknowledgements, which go the other way, are not counted.
 */
export function webSocketWireBytes(packet: Packet): number {
  const text = Buffer.byteLength(endpointMessage(packet));
  const framed = text + (text > WS_SHORT_MAX_BYTES ? WS_LONG_HEAD_BYTES : WS_HEAD_BYTES) + TLS_BYTES;
  return framed + TCP_IP_BYTES * Math.ceil(framed / SEGMENT_MAX_BYTES);
}

/** The same over a WebRTC data channel, a message in a datagram of its own. */
export function dataChannelWireBytes(packet: Packet): number {
  const text = Buffer.byteLength(endpointMessage(packet));
  const padded = Math.ceil(text / SCTP_ALIGNMENT) * SCTP_ALIGNMENT;
  return padded + SCTP_HEAD_BYTES + DTLS_BYTES + UDP_IP_BYTES;
}

/** What a codec needs and what is left of the poses, at one setting. */
export interface RateMeasurement {
  readonly level: number;
  readonly framesPerPacket: number;
  /** Frames that were given to the encoder and arrived. */
  readonly frames: number;
  readonly packets: number;
  readonly bytesPerFrame: number;
  /** Everything given to the transport, kilobits a second. */
  readonly kbps: number;
  /** At one receiver over the bridge's WebSocket, one sender. */
  readonly wireKbps: number;
  /** The same over a data channel. */
  readonly dataChannelKbps: number;
  /** Greatest packet, bytes. */
  readonly packetMaxBytes: number;
  /** Null where the codec's packets are not poses. */
  readonly errors: ErrorSummary | null;
}

interface Sent {
  readonly pose: Pose;
  readonly timeMs: number;
}

/** Times may travel modulo this and in whole milliseconds. */
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

  /** Frames of a packet that is never finished are neither sent nor counted. */
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
    if (!sent || !isSameTime(sent.timeMs, atMs)) throw new Error(`a frame of ${atMs} ms was decoded that nobody sent`);
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

/** Sends every clip through a codec at its own rate: a new sender and receiver for each. */
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
