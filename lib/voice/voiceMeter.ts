import { loudnessOf, rms, smoothLevel } from './loudness';

/** Samples looked at: 21 ms at 48 kHz, more than a frame of a screen. */
const WINDOW = 1024;

/** Not measured more often than this, however often it is read, ms. */
const EVERY_MS = 15;

/** How loud a stream is. Its analyser must be fed by whoever makes it. */
export class VoiceMeter {
  private readonly samples = new Float32Array(WINDOW);
  private shown = 0;
  private measuredMs = Number.NEGATIVE_INFINITY;

  constructor(readonly analyser: AnalyserNode) {
    analyser.fftSize = WINDOW;
  }

  /** The level at `nowMs` (steady clock), 0 to 1, smoothed for the eye. Allocates nothing. */
  level(nowMs: number): number {
    const elapsedMs = nowMs - this.measuredMs;
    if (elapsedMs < EVERY_MS) return this.shown;
    this.analyser.getFloatTimeDomainData(this.samples);
    this.shown = smoothLevel(this.shown, loudnessOf(rms(this.samples)), elapsedMs);
    this.measuredMs = nowMs;
    return this.shown;
  }
}
