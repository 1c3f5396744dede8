import { SenderClock } from '@/lib/playout/playoutClock';
import { TICKS_PER_MS, type TrackKindName } from './format';

/** A stamp this far ahead of the mapping comes from another clock: no packet beats the quickest one by that much. */
const RESTART_AHEAD_MS = 5000;
/**
 * So does one this far behind: a microphone that was off may have stopped its clock. A network that is this late has lost
 * its packets.
 */
const RESTART_BEHIND_MS = 2000;

/**
 * Maps a track's stamps, 32 bits in its sender's units, to the recording's time, by the quickest packet of the last ten
 * seconds as playout does. Allocates nothing.
 */
export class TrackClock {
  private readonly clock = new SenderClock();
  private readonly ticksPerMs: number;
  private readonly last = new Uint32Array(1);
  /** The last stamp without the turns of its 32 bits, ms. */
  private readonly lastMs = new Float64Array(1).fill(Number.NaN);
  private readonly notedMs = new Float64Array(1).fill(Number.NEGATIVE_INFINITY);

  constructor(kind: TrackKindName) {
    this.ticksPerMs = TICKS_PER_MS[kind];
  }

  /** Whether a stamp has been noted. */
  get isKnown(): boolean {
    return Number.isFinite(this.clock.offsetMs);
  }

  /** The stamp that was noted last. */
  get lastStamp(): number {
    return this.last[0]!;
  }

  /** The recording's time at which the last stamp was noted. */
  get lastArrivalMs(): number {
    return this.notedMs[0]!;
  }

  /** Notes a packet of `stamp` that arrived at `arrivalMs` of the recording's time. */
  note(stamp: number, arrivalMs: number): void {
    const stampMs = this.isKnown ? this.stampMsOf(stamp) : stamp / this.ticksPerMs;
    const lateMs = arrivalMs - stampMs - this.clock.offsetMs;
    if (lateMs < -RESTART_AHEAD_MS || (lateMs > RESTART_BEHIND_MS && Number.isFinite(lateMs))) this.clock.reset();
    this.clock.note(stampMs, arrivalMs);
    this.last[0] = stamp;
    this.lastMs[0] = stampMs;
    this.notedMs[0] = arrivalMs;
  }

  /** The recording's time at which a packet of `stamp` would have arrived, had it been as quick as the quickest; NaN if unknown. */
  recordingMsOf(stamp: number): number {
    return this.isKnown ? this.stampMsOf(stamp) + this.clock.offsetMs : Number.NaN;
  }

  private stampMsOf(stamp: number): number {
    return this.lastMs[0]! + ((stamp - this.last[0]!) | 0) / this.ticksPerMs;
  }
}
