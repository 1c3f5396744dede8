/** Loudness of each microphone over time, smoothed: quick to rise, slow to fall, so that pauses between words don't count. */

/** Loudness, in dB above silence: 0 (nothing) to 127 (overload). */
export type LoudnessDb = number;

const RISE_MS = 80;
const FALL_MS = 900;

/** The smoothed loudness of one microphone. */
export class VoiceLevel {
  private value: LoudnessDb = 0;
  private atMs: number;

  constructor(nowMs: number) {
    this.atMs = nowMs;
  }

  /** Takes the loudness of one packet. */
  observe(loudnessDb: LoudnessDb, nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.atMs);
    const timeConstantMs = loudnessDb > this.value ? RISE_MS : FALL_MS;
    // The first packet after a pause counts as 20 ms of sound, the length of an Opus frame.
    const weight = 1 - Math.exp(-Math.max(20, Math.min(elapsedMs, 100)) / timeConstantMs);
    this.value = this.at(nowMs) + (loudnessDb - this.at(nowMs)) * weight;
    this.atMs = nowMs;
  }

  /** The loudness now; without packets (discontinuous transmission) it falls as if they were silent. */
  at(nowMs: number): LoudnessDb {
    const silentMs = nowMs - this.atMs - 100;
    return silentMs <= 0 ? this.value : this.value * Math.exp(-silentMs / FALL_MS);
  }

  /** When the last packet was observed. */
  get observedAtMs(): number {
    return this.atMs;
  }
}

/** From the level of RFC 6464 (dB below overload; -1: unknown, taken for silence). */
export function loudnessOf(levelDb: number): LoudnessDb {
  return levelDb < 0 ? 0 : 127 - levelDb;
}
