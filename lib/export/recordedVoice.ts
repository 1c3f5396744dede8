import { TICKS_PER_MS } from '@/lib/recording/format';
import type { ClockRecord, VoiceRecord } from '@/lib/recording/segmentReader';
import { TrackClock } from '@/lib/recording/trackClock';
import { opusDurationMs } from '@/lib/webrtc/opusDuration';

/** A packet waits this long for its time, so that quicker ones right after it count too, and earlier ones that come late. */
export const VOICE_LOOKAHEAD_MS = 2000;
/** Packets this small carry no sound: discontinuous transmission (RFC 6716, 2.1.9). */
const DTX_MAX_BYTES = 2;
/** A pause in a voice: after it, its time is taken afresh from the clock. */
const PAUSE_MS = 100;
/** So it is where it has drifted from the clock by more. Less would be heard as clicks. */
const DRIFT_MAX_MS = 30;
/** Stamps that are further ahead of the clock, or behind it, are those of another clock. */
const RESTART_AHEAD_MS = 5000;
const RESTART_BEHIND_MS = 2000;

/** An Opus packet at the recording's time at which it was said, plus the fastest transit. */
export interface VoicePacket {
  readonly bytes: Uint8Array;
  readonly timeMs: number;
  readonly durationMs: number;
}

/** A packet whose time is not known yet. */
interface WaitingPacket {
  readonly bytes: Uint8Array;
  /** 48 kHz. */
  readonly stamp: number;
  readonly arrivalMs: number;
}

/** Ticks from one stamp to another, which may be the earlier one. */
function ticksBetween(from: number, to: number): number {
  return (to - from) | 0;
}

/**
 * Makes one person's voice of its records: packets in the order in which they were said, each once, without those that carry no
 * sound. Packets that follow each other are exactly as far apart as their stamps; what was not sent, or was lost, is a gap. None
 * begins before the one before it ends.
 */
export class RecordedVoice {
  private readonly waiting: WaitingPacket[] = [];
  private clock = new TrackClock('voice');
  private track = 0;
  private lastStamp = 0;
  /** NaN before the first packet of a clock. */
  private lastMs = Number.NaN;
  private endMs = Number.NEGATIVE_INFINITY;

  constructor(private readonly sink: (packet: VoicePacket) => void) {}

  /** Takes the next record of the person, in the order of arrival. Of two tracks the later one counts. */
  take(record: VoiceRecord | ClockRecord): void {
    const { track } = record;
    if (track.id < this.track) return;
    if (track.id > this.track) this.follow(track.id);
    if (record.type === 'clock') this.note(record.stamp, record.arrivalMs);
    else this.takePacket(record);
  }

  /** Hands on the packets that came `VOICE_LOOKAHEAD_MS` before `nowMs` of the recording's time. */
  advance(nowMs: number): void {
    while (this.waiting.length > 0 && nowMs - this.waiting[0]!.arrivalMs > VOICE_LOOKAHEAD_MS) this.emit();
  }

  /** Hands on all that still wait. */
  finish(): void {
    while (this.waiting.length > 0) this.emit();
  }

  private takePacket({ bytes, timestamp, timeMs }: VoiceRecord): void {
    this.advance(timeMs);
    this.note(timestamp, timeMs);
    if (bytes.length <= DTX_MAX_BYTES || opusDurationMs(bytes) === 0) return;
    const packet = { bytes, stamp: timestamp, arrivalMs: timeMs };
    const before = this.waiting.findLastIndex(({ stamp }) => ticksBetween(stamp, timestamp) >= 0);
    if (this.waiting[before]?.stamp !== timestamp) this.waiting.splice(before + 1, 0, packet);
  }

  private note(stamp: number, arrivalMs: number): void {
    const lateMs = arrivalMs - this.clock.recordingMsOf(stamp);
    if (lateMs < -RESTART_AHEAD_MS || lateMs > RESTART_BEHIND_MS) this.restart();
    this.clock.note(stamp, arrivalMs);
  }

  /** Another source has its own clock. */
  private follow(track: number): void {
    this.track = track;
    this.restart();
  }

  private restart(): void {
    this.finish();
    this.clock = new TrackClock('voice');
    this.lastMs = Number.NaN;
  }

  private emit(): void {
    const { bytes, stamp } = this.waiting.shift()!;
    const hasLast = !Number.isNaN(this.lastMs);
    if (hasLast && ticksBetween(this.lastStamp, stamp) <= 0) return;
    const timeMs = Math.max(0, this.endMs, this.timeOf(stamp));
    const durationMs = opusDurationMs(bytes);
    this.lastStamp = stamp;
    this.lastMs = timeMs;
    this.endMs = timeMs + durationMs;
    this.sink({ bytes, timeMs, durationMs });
  }

  private timeOf(stamp: number): number {
    const clockMs = this.clock.recordingMsOf(stamp);
    const nextMs = this.lastMs + ticksBetween(this.lastStamp, stamp) / TICKS_PER_MS.voice;
    const goesOn = nextMs - this.endMs < PAUSE_MS && Math.abs(nextMs - clockMs) < DRIFT_MAX_MS;
    return goesOn ? nextMs : clockMs;
  }
}
