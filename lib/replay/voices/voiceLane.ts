import type { SegmentRecord } from '@/lib/recording/segmentReader';
import { TrackClock } from '@/lib/recording/trackClock';
import { type CreateOpusDecoder, type OpusDecoder, SAMPLE_RATE } from './opusDecoder';
import { TimeStretch } from './timeStretch';

const SAMPLES_PER_MS = SAMPLE_RATE / 1000;
/** Opus wants so much before the first sample that is heard (RFC 7845, section 4.6). */
const LEAD_MS = 80;
/** The longest that a packet can be. */
const PACKET_MAX_MS = 120;
/** Sound that is further from where it belongs is moved there: an eye notices 40 ms between lips and voice. */
const DRIFT_MAX_MS = 30;
/** Sound that is later than this is left out. */
const LATE_MAX_S = 0.005;
/** A voice that begins in the middle begins softly, so that it does not click. */
const FADE_SAMPLES = 144;

/** Where sound is played, on a clock of its own, in seconds. */
export interface SoundOutput {
  readonly nowS: number;
  /** How long sound takes to the ear. */
  readonly latencyS: number;
  /** Plays mono sound of 48 kHz from `atS` on. */
  play(samples: Float32Array, atS: number): void;
  /** Ends everything that plays or is to be played. */
  stop(): void;
  close(): void;
}

/** The replay as a voice needs it. */
interface Listening {
  /** The recording's time that is shown, ms. */
  readonly positionMs: number;
  readonly rate: number;
  /** How far behind the quickest of their packets a person is drawn, ms. */
  delayMsOf(personId: string): number;
}

export interface VoiceLaneParts {
  readonly personId: string;
  readonly output: SoundOutput;
  readonly listening: Listening;
  readonly createDecoder: CreateOpusDecoder;
}

/** Sound without a gap. Places are in samples of the voice. */
interface Run {
  /** Its first sample. */
  readonly at: number;
  readonly beginsAtS: number;
  readonly stretch: TimeStretch | null;
  /** The sample that comes next. */
  nextAt: number;
  /** Samples that were played. */
  played: number;
}

/**
 * Plays one voice of a recording with the lips of its person: where a packet's stamp falls on the recording's time, and as much
 * later as the person is drawn.
 */
export class VoiceLane {
  private readonly clock = new TrackClock('voice');
  private readonly decoder: OpusDecoder;
  private fromMs = 0;
  private stamp = 0;
  /** The last stamp without the turns of its 32 bits. */
  private at = Number.NaN;
  /** When sample 0 is heard, ms of the recording's time. */
  private zeroMs = 0;
  private run: Run | null = null;

  constructor(private readonly parts: VoiceLaneParts) {
    this.decoder = parts.createDecoder((samples, at) => this.hear(samples, at));
  }

  /** Is silent, and heard from `fromMs` of the recording's time on with what comes next. */
  restart(fromMs: number): void {
    this.fromMs = fromMs;
    this.decoder.reset();
    this.parts.output.stop();
    this.run = null;
  }

  /** A packet, or a clock, which counts as one that is not heard. */
  take(record: SegmentRecord & { readonly type: 'voice' | 'clock' }): void {
    if (record.type === 'clock') {
      this.clock.note(record.stamp, record.arrivalMs);
      return;
    }
    this.clock.note(record.timestamp, record.timeMs);
    this.at = Number.isNaN(this.at) ? 0 : this.at + ((record.timestamp - this.stamp) | 0);
    this.stamp = record.timestamp;
    const heardMs = this.clock.recordingMsOf(record.timestamp) + this.parts.listening.delayMsOf(this.parts.personId);
    if (heardMs < this.fromMs - LEAD_MS - PACKET_MAX_MS) return;
    this.zeroMs = heardMs - this.at / SAMPLES_PER_MS;
    this.decoder.decode(record.bytes, this.at);
  }

  close(): void {
    this.decoder.close();
    this.parts.output.close();
  }

  private hear(samples: Float32Array, at: number): void {
    const endMs = this.zeroMs + (at + samples.length) / SAMPLES_PER_MS;
    if (endMs <= this.fromMs) return;
    const run = this.run && this.goesOn(this.run, at) ? this.run : this.begin(at);
    this.run = run;
    if (!run) return;
    const isFirst = run.nextAt === run.at;
    run.nextAt += samples.length;
    const sound = run.stretch ? run.stretch.push(samples) : samples;
    if (sound.length === 0) return;
    if (isFirst || run.played === 0) fadeIn(sound);
    this.parts.output.play(sound, run.beginsAtS + run.played / SAMPLE_RATE);
    run.played += sound.length;
  }

  /** Whether sample `at` comes next, and is heard where it belongs. */
  private goesOn(run: Run, at: number): boolean {
    if (at !== run.nextAt) return false;
    const { rate } = this.parts.listening;
    const endS = run.beginsAtS + run.played / SAMPLE_RATE;
    const dueS = this.dueS(run.at + run.played * rate);
    return Math.abs(endS - dueS) * 1000 <= DRIFT_MAX_MS;
  }

  private begin(at: number): Run | null {
    const { output, listening } = this.parts;
    const beginsAtS = this.dueS(at);
    if (beginsAtS < output.nowS - LATE_MAX_S) return null;
    const stretch = listening.rate === 1 ? null : new TimeStretch(listening.rate);
    return { at, beginsAtS: Math.max(beginsAtS, output.nowS), stretch, nextAt: at, played: 0 };
  }

  /** When sample `at` belongs, on the clock of the output. */
  private dueS(at: number): number {
    const { output, listening } = this.parts;
    const inMs = (this.zeroMs + at / SAMPLES_PER_MS - listening.positionMs) / listening.rate;
    return output.nowS - output.latencyS + inMs / 1000;
  }
}

function fadeIn(samples: Float32Array): void {
  const count = Math.min(FADE_SAMPLES, samples.length);
  for (let k = 0; k < count; k += 1) samples[k] = (samples[k]! * k) / count;
}
