/** RMS, in dB of full scale, that shows as level 0: below it is the noise of a quiet room. */
export const SILENT_DB = -58;

/** RMS, in dB of full scale, that shows as level 1: a raised voice close to the microphone. */
export const LOUD_DB = -16;

/** Time constants with which a level follows a louder and a softer voice, ms: quick to rise, slow to fall, to please the eye. */
const RISE_MS = 30;
const FALL_MS = 160;

/** Root mean square of `samples` (-1 .. 1). */
export function rms(samples: Float32Array): number {
  let sum = 0;
  for (let at = 0; at < samples.length; at += 1) sum += samples[at]! * samples[at]!;
  return samples.length === 0 ? 0 : Math.sqrt(sum / samples.length);
}

/**
 * How loud an RMS (0 .. 1) is, 0 to 1, linear in dB between `SILENT_DB` and `LOUD_DB`. Anything that is not positive is silence.
 */
export function loudnessOf(rmsValue: number): number {
  if (!(rmsValue > 0)) return 0;
  const level = (20 * Math.log10(rmsValue) - SILENT_DB) / (LOUD_DB - SILENT_DB);
  return Math.min(1, Math.max(0, level));
}

/** `shown` moved towards `heard` as far as `elapsedMs` allows; both 0 to 1. */
export function smoothLevel(shown: number, heard: number, elapsedMs: number): number {
  const constantMs = heard > shown ? RISE_MS : FALL_MS;
  const next = heard + (shown - heard) * Math.exp(-Math.max(0, elapsedMs) / constantMs);
  return next < 1e-4 ? 0 : next;
}

/** Samples measured: 21 ms at 48 kHz, more than a frame of a screen. */
const WINDOW = 1024;

/** Least time between two measurements, however often the level is read, ms. */
const EVERY_MS = 15;

/** How loud a stream is. The caller connects the stream to the analyser. */
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

/** Level (0 .. 1) from which a person speaks, and below which they may have stopped. */
const SPEAKS_FROM = 0.36;
const SILENT_BELOW = 0.24;

/** Pauses shorter than this are part of speaking, ms. */
const PAUSE_MS = 450;

/** Distinguishes speaking from silence: starts at once, ends after a pause, and does not flicker in between. */
export class SpeakingGate {
  private speaking = false;
  private lastHeardMs = Number.NEGATIVE_INFINITY;

  get isSpeaking(): boolean {
    return this.speaking;
  }

  /** Takes a level (0 .. 1) at `nowMs` (steady clock) and returns whether it is speech. */
  update(level: number, nowMs: number): boolean {
    if (level >= (this.speaking ? SILENT_BELOW : SPEAKS_FROM)) {
      this.speaking = true;
      this.lastHeardMs = nowMs;
    } else if (nowMs - this.lastHeardMs >= PAUSE_MS) {
      this.speaking = false;
    }
    return this.speaking;
  }
}
