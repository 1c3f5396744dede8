/** Louder than this is speech, in dB above silence, of 127. */
const SPEECH_DB = 67;
/** Loud packets of 20 ms in a row that make speech: longer than a click. */
const LOUD_LEAST = 4;
/** Pauses between words are shorter than this. */
const PAUSE_MAX_MS = 700;

/** Tells from the levels in the headers of voice packets (RFC 6464) whether a person speaks. */
export class SpeakingMeter {
  private loud = 0;
  private loudAtMs = Number.NEGATIVE_INFINITY;
  private speaks = false;

  get isSpeaking(): boolean {
    return this.speaks;
  }

  /** Notes the level of a packet, in dB below overload; -1 if it has none, which counts as silence. */
  note(levelDb: number, timeMs: number): void {
    const isLoud = levelDb >= 0 && 127 - levelDb >= SPEECH_DB;
    this.loud = isLoud ? this.loud + 1 : 0;
    if (isLoud) this.loudAtMs = timeMs;
    if (this.loud >= LOUD_LEAST) this.speaks = true;
    this.sweep(timeMs);
  }

  /** A person whose packets no longer come is silent. */
  sweep(nowMs: number): void {
    if (nowMs - this.loudAtMs > PAUSE_MAX_MS) this.speaks = false;
  }
}
