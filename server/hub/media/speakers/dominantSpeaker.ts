import { type LoudnessDb, VoiceLevel } from './voiceLevels';

/** Louder than this is taken for speech, and not for the noise of a room (-67 dBov). */
const SPEECH_DB = 60;
/** How much louder than the dominant speaker a challenger must be. */
const MARGIN_DB = 4;
/** For how long it must be so: longer than a cough, shorter than a sentence. */
const CHALLENGE_MS = 400;
/** The pace of judgement. */
const JUDGE_EVERY_MS = 100;
const PREVIOUS_MAX = 10;

interface Speaker {
  readonly level: VoiceLevel;
  /** Since when it has been louder than the dominant one; null where it isn't. */
  challengesSinceMs: number | null;
}

/**
 * Finds who leads the conversation, in the spirit of Jitsi's dominant speaker identification (Volfin and Cohen 2013): by
 * loudness over time, and slow to change. Whoever is dominant stays so through silence, until somebody else speaks.
 */
export class DominantSpeaker {
  private readonly speakers = new Map<string, Speaker>();
  private dominantId: string | null = null;
  private previous: string[] = [];
  private judgedAtMs = Number.NEGATIVE_INFINITY;

  /** The dominant speaker; null before anybody has spoken. */
  get current(): string | null {
    return this.dominantId;
  }

  /** Those who were dominant before, latest first. */
  get previousIds(): readonly string[] {
    return this.previous;
  }

  /** Takes the loudness of a packet. True where the dominant speaker has changed with it. */
  observe(endpointId: string, loudnessDb: LoudnessDb, nowMs: number): boolean {
    this.speakerOf(endpointId, nowMs).level.observe(loudnessDb, nowMs);
    if (nowMs - this.judgedAtMs < JUDGE_EVERY_MS) return false;
    this.judgedAtMs = nowMs;
    return this.judge(nowMs);
  }

  /** Forgets an endpoint that is gone. */
  remove(endpointId: string): void {
    this.speakers.delete(endpointId);
    this.previous = this.previous.filter((id) => id !== endpointId);
    if (this.dominantId === endpointId) this.dominantId = null;
  }

  private judge(nowMs: number): boolean {
    const dominant = this.dominantId === null ? undefined : this.speakers.get(this.dominantId);
    const thresholdDb = Math.max(SPEECH_DB, dominant ? dominant.level.at(nowMs) + MARGIN_DB : 0);
    let winner: string | null = null;
    let winnerDb = 0;
    for (const [id, speaker] of this.speakers) {
      if (speaker === dominant) continue;
      const db = speaker.level.at(nowMs);
      speaker.challengesSinceMs = db < thresholdDb ? null : (speaker.challengesSinceMs ?? nowMs);
      const hasHeldOut = speaker.challengesSinceMs !== null && nowMs - speaker.challengesSinceMs >= CHALLENGE_MS;
      if (!hasHeldOut || db <= winnerDb) continue;
      winner = id;
      winnerDb = db;
    }
    if (winner !== null) this.enthrone(winner);
    return winner !== null;
  }

  private enthrone(endpointId: string): void {
    const former = this.dominantId === null ? [] : [this.dominantId];
    this.previous = [...former, ...this.previous.filter((id) => id !== endpointId)].slice(0, PREVIOUS_MAX);
    this.dominantId = endpointId;
    for (const speaker of this.speakers.values()) speaker.challengesSinceMs = null;
  }

  private speakerOf(endpointId: string, nowMs: number): Speaker {
    const existing = this.speakers.get(endpointId);
    if (existing) return existing;
    const speaker: Speaker = { level: new VoiceLevel(nowMs), challengesSinceMs: null };
    this.speakers.set(endpointId, speaker);
    return speaker;
  }
}
