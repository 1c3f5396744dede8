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

/** Louder than this is taken for speech, and not for the noise of a room (-67 dBov). */
const SPEECH_DB = 60;
/** How much louder than the dominant speaker a challenger must be. */
const DOMINANCE_MARGIN_DB = 4;
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
    const thresholdDb = Math.max(SPEECH_DB, dominant ? dominant.level.at(nowMs) + DOMINANCE_MARGIN_DB : 0);
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

/** How much louder than the quietest a microphone must be to take its place. */
const PLACE_MARGIN_DB = 6;
/** A microphone that has just got a place keeps it, so that words aren't chopped. */
const HOLD_MS = 1_000;
/** A microphone that has sent nothing for this long gives its place up. */
const SILENT_MS = 2_000;

interface Microphone {
  readonly level: VoiceLevel;
  /** When it got a place; null while it has none. */
  placedAtMs: number | null;
}

/**
 * Chooses whose voice is forwarded in one conference: everybody while there are places, then the loudest. A microphone takes
 * the place of the quietest one when it is clearly louder.
 */
export class LoudestVoices {
  private readonly microphones = new Map<string, Microphone>();
  private placed = 0;

  constructor(private readonly placesMax: number) {}

  /** Takes the loudness of a packet of `endpointId` and tells whether the packet is forwarded. */
  admit(endpointId: string, loudnessDb: LoudnessDb, nowMs: number): boolean {
    const microphone = this.microphoneOf(endpointId, nowMs);
    microphone.level.observe(loudnessDb, nowMs);
    if (microphone.placedAtMs !== null) return true;
    if (this.placed >= this.placesMax && !this.makePlace(microphone.level.at(nowMs), nowMs)) return false;
    microphone.placedAtMs = nowMs;
    this.placed += 1;
    return true;
  }

  /** Forgets a microphone that is gone. */
  remove(endpointId: string): void {
    const microphone = this.microphones.get(endpointId);
    if (microphone) this.takePlace(microphone);
    this.microphones.delete(endpointId);
  }

  /** Takes back the places of microphones that are closed. */
  sweep(nowMs: number): void {
    for (const microphone of this.microphones.values()) {
      if (nowMs - microphone.level.observedAtMs > SILENT_MS) this.takePlace(microphone);
    }
  }

  private makePlace(loudnessDb: LoudnessDb, nowMs: number): boolean {
    let quietest: Microphone | null = null;
    let quietestDb = Number.POSITIVE_INFINITY;
    for (const microphone of this.microphones.values()) {
      if (microphone.placedAtMs === null || nowMs - microphone.placedAtMs < HOLD_MS) continue;
      const db = microphone.level.at(nowMs);
      if (db >= quietestDb) continue;
      quietest = microphone;
      quietestDb = db;
    }
    if (!quietest || loudnessDb < quietestDb + PLACE_MARGIN_DB) return false;
    this.takePlace(quietest);
    return true;
  }

  private takePlace(microphone: Microphone): void {
    if (microphone.placedAtMs === null) return;
    microphone.placedAtMs = null;
    this.placed -= 1;
  }

  private microphoneOf(endpointId: string, nowMs: number): Microphone {
    const existing = this.microphones.get(endpointId);
    if (existing) return existing;
    const microphone: Microphone = { level: new VoiceLevel(nowMs), placedAtMs: null };
    this.microphones.set(endpointId, microphone);
    return microphone;
  }
}
