/** The picture changes no more often than this. */
export const CUT_EVERY_MS = 4000;
/** A "yes" or a cough is no speech: who is to be shown has spoken for so long. */
export const HEARD_FOR_MS = 700;
/** A pause for thought is not the end. */
export const PAUSE_MS = 1200;
/** After so much silence everybody is shown. */
export const SILENCE_MS = 9000;
/** Who speaks longer than this is left for a look at everybody, of this length. */
export const LONG_TALK_MS = 24_000;
export const LOOK_AROUND_MS = 5000;
/** Where so many speak at once, everybody is shown. */
const CROWD = 3;

/** Somebody whose voice may be followed: everybody but oneself. */
export interface Followed {
  readonly id: string;
  readonly isSelf: boolean;
}

interface Voice {
  sinceMs: number;
  lastMs: number;
}

/** Whom a camera that follows the speakers shows: a person's id, or null for everybody. */
export class SpeakerChoice {
  subject: string | null = null;
  private readonly voices = new Map<string, Voice>();
  private cutMs = Number.NEGATIVE_INFINITY;
  private heardMs = Number.NEGATIVE_INFINITY;

  /**
   * Takes note of who of `people` speaks at `nowMs`; one's own voice is not followed. True where the picture changes to another {@link subject}. Between
   * two changes there are always {@link CUT_EVERY_MS}.
   */
  update(people: readonly Followed[], isSpeaking: (id: string) => boolean, nowMs: number): boolean {
    const speaking = this.listen(people, isSpeaking, nowMs);
    if (nowMs - this.cutMs < CUT_EVERY_MS) return false;
    const next = this.next(people, speaking, nowMs);
    if (next === this.subject) return false;
    this.subject = next;
    this.cutMs = nowMs;
    return true;
  }

  private listen(people: readonly Followed[], isSpeaking: (id: string) => boolean, nowMs: number): number {
    let speaking = 0;
    for (const { id, isSelf } of people) {
      if (isSelf) continue;
      const voice = this.voiceOf(id, nowMs);
      if (isSpeaking(id)) {
        speaking += 1;
        voice.lastMs = nowMs;
        this.heardMs = nowMs;
      } else if (nowMs - voice.lastMs > PAUSE_MS) {
        voice.sinceMs = nowMs;
      }
    }
    return speaking;
  }

  private voiceOf(id: string, nowMs: number): Voice {
    let voice = this.voices.get(id);
    if (!voice) {
      voice = { sinceMs: nowMs, lastMs: Number.NEGATIVE_INFINITY };
      this.voices.set(id, voice);
    }
    return voice;
  }

  private next(people: readonly Followed[], speaking: number, nowMs: number): string | null {
    if (speaking >= CROWD || nowMs - this.heardMs > SILENCE_MS) return null;
    const isThere = this.isAmong(people);
    const longest = this.longestHeard(people, nowMs);
    if (!isThere) return this.isLookingAround(nowMs) ? null : longest;
    if (!this.isHeard(this.subject!, nowMs)) return longest ?? this.subject;
    return nowMs - this.cutMs > LONG_TALK_MS ? null : this.subject;
  }

  /** Whether who is shown is still in the room. */
  private isAmong(people: readonly Followed[]): boolean {
    for (const { id } of people) if (id === this.subject) return true;
    return false;
  }

  /** Whether everybody is shown for a moment though somebody speaks on. */
  private isLookingAround(nowMs: number): boolean {
    return nowMs - this.cutMs < LOOK_AROUND_MS;
  }

  private isHeard(id: string, nowMs: number): boolean {
    const voice = this.voices.get(id);
    return voice !== undefined && nowMs - voice.lastMs <= PAUSE_MS;
  }

  /** Who of those speaking has done so longest, or null where nobody has for long enough. */
  private longestHeard(people: readonly Followed[], nowMs: number): string | null {
    let longest: string | null = null;
    let sinceMs = nowMs - HEARD_FOR_MS;
    for (const { id } of people) {
      if (!this.isHeard(id, nowMs)) continue;
      const voice = this.voices.get(id)!;
      if (voice.sinceMs > sinceMs) continue;
      sinceMs = voice.sinceMs;
      longest = id;
    }
    return longest;
  }
}
