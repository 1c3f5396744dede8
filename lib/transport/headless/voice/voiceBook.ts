import type { AnnouncedSource } from '../jingle/jingleOffer';
import { SILENCE_DBOV } from './opusPacket';

/** Figures of one incoming voice. */
export interface VoiceStats {
  readonly packets: number;
  /** Packets that never arrived: gaps in the sequence, less late arrivals. */
  readonly lost: number;
  /** Bytes of Opus, without RTP headers. */
  readonly bytes: number;
  /** Level of the newest packet in dBov, 0 (loudest) to -127 (silence); -127 if packets carry no level. */
  readonly levelDbov: number;
  /** Interarrival jitter (RFC 3550, 6.4.1 and appendix A.8), milliseconds. */
  readonly jitterMs: number;
}

/** Most streams that are measured; a bridge forwards far fewer. */
const STREAMS_MAX = 512;

/** Hears every packet of a voice whose owner is known. The packet's bytes are valid during the call only. */
export type HearVoice = (endpointId: string, packet: HeardPacket) => void;

/** The owners and figures of incoming voices. Outlives the links, as the figures must. */
export class VoiceBook {
  private readonly ownerBySsrc = new Map<number, string>();
  private readonly meterBySsrc = new Map<number, VoiceMeter>();

  constructor(private readonly hear: HearVoice | null = null) {}

  announce(sources: readonly AnnouncedSource[]): void {
    for (const { ssrc, owner } of sources) if (this.ownerBySsrc.size < STREAMS_MAX) this.ownerBySsrc.set(ssrc, owner);
  }

  /** The endpoint that announced a source; undefined if none did. */
  ownerOf(ssrc: number): string | undefined {
    return this.ownerBySsrc.get(ssrc);
  }

  /** Notes a packet. An SSRC without an announced owner is measured too, and reported once its owner is known. */
  note(packet: HeardPacket): void {
    const meter = this.meterBySsrc.get(packet.ssrc) ?? this.addMeter(packet.ssrc);
    meter?.note(packet);
    const owner = this.hear && this.ownerBySsrc.get(packet.ssrc);
    if (owner) this.hear?.(owner, packet);
  }

  /** Figures by endpoint id. Of several streams of one endpoint, the one with most packets. */
  stats(): ReadonlyMap<string, VoiceStats> {
    const byOwner = new Map<string, VoiceStats>();
    for (const [ssrc, meter] of this.meterBySsrc) {
      const owner = this.ownerBySsrc.get(ssrc);
      const stats = meter.stats();
      if (owner !== undefined && stats.packets > (byOwner.get(owner)?.packets ?? 0)) byOwner.set(owner, stats);
    }
    return byOwner;
  }

  private addMeter(ssrc: number): VoiceMeter | null {
    if (this.meterBySsrc.size >= STREAMS_MAX) return null;
    const meter = new VoiceMeter();
    this.meterBySsrc.set(ssrc, meter);
    return meter;
  }
}

/** One RTP packet of a voice. */
export interface HeardPacket {
  readonly ssrc: number;
  readonly sequence: number;
  /** RTP time, 48 kHz. */
  readonly timestamp: number;
  readonly hasMarker: boolean;
  readonly opus: Uint8Array;
  readonly levelDbov: number;
  /** The receiver's monotonic clock. */
  readonly arrivalMs: number;
}

/** RTP clock of Opus, ticks per millisecond (RFC 7587). */
const TICKS_PER_MS = 48;
/** A step this large means that the sender restarted. */
const RESTART_STEP = 3_000;

/** Measures one incoming RTP stream (RFC 3550 appendix A.3 and A.8). */
export class VoiceMeter {
  private packets = 0;
  private bytes = 0;
  private levelDbov = SILENCE_DBOV;
  private jitterTicks = 0;
  private newest = -1;
  private expectedBefore = 0;
  private receivedBefore = 0;
  private expected = 0;
  private received = 0;
  private transitTicks = Number.NaN;

  note(packet: HeardPacket): void {
    this.packets += 1;
    this.bytes += packet.opus.length;
    this.levelDbov = packet.levelDbov;
    this.noteSequence(packet.sequence);
    this.noteTransit(packet);
  }

  stats(): VoiceStats {
    const lost = this.expectedBefore + this.expected - this.receivedBefore - this.received;
    const { packets, bytes, levelDbov } = this;
    return { packets, lost: Math.max(0, lost), bytes, levelDbov, jitterMs: this.jitterTicks / TICKS_PER_MS };
  }

  private noteSequence(sequence: number): void {
    const step = this.newest < 0 ? 1 : wrapped(sequence - this.newest, 16);
    if (Math.abs(step) > RESTART_STEP) this.restart();
    else if (step > 0) this.expected += step;
    if (this.newest < 0) this.expected = 1;
    if (step > 0 || this.newest < 0) this.newest = sequence;
    this.received += 1;
  }

  private restart(): void {
    this.expectedBefore += this.expected;
    this.receivedBefore += this.received;
    this.expected = 0;
    this.received = 0;
    this.newest = -1;
    this.transitTicks = Number.NaN;
  }

  private noteTransit({ timestamp, arrivalMs }: HeardPacket): void {
    const transitTicks = wrapped(Math.round(arrivalMs * TICKS_PER_MS) - timestamp, 32);
    const step = Math.abs(wrapped(transitTicks - this.transitTicks, 32));
    this.transitTicks = transitTicks;
    if (Number.isFinite(step)) this.jitterTicks += (step - this.jitterTicks) / 16;
  }
}

/** The signed number nearest to zero that is `value` modulo 2^`bits`. */
function wrapped(value: number, bits: 16 | 32): number {
  const range = 2 ** bits;
  const rest = ((value % range) + range) % range;
  return rest >= range / 2 ? rest - range : rest;
}
