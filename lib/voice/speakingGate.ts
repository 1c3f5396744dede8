/** Level (0 .. 1) from which somebody speaks, and below which they may have stopped. */
const SPEAKS_FROM = 0.36;
const SILENT_BELOW = 0.24;

/** Pauses shorter than this are part of speaking, ms. */
const PAUSE_MS = 450;

/** Tells speaking from silence: begins at once, ends after a pause, and does not flicker in between. */
export class SpeakingGate {
  private speaking = false;
  private lastHeardMs = Number.NEGATIVE_INFINITY;

  get isSpeaking(): boolean {
    return this.speaking;
  }

  /** Takes a level (0 .. 1) at `nowMs` (steady clock) and says whether that one speaks. */
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
