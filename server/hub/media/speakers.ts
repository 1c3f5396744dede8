/** Loudness, in dB above silence: 0 (nothing) to 127 (overload). */
type LoudnessDb = number;

const RISE_MS = 80;
const FALL_MS = 900;

/** The smoothed loudness of one microphone: quick to rise and slow to fall, so that pauses between words do not count. */
class VoiceLevel {
  private value: LoudnessDb = 0;
  private atMs: number;

  constructor(nowMs: number) {
    this.atMs = nowMs;
  }

  /** Notes the loudness of one packet. */
  observe(loudnessDb: LoudnessDb, nowMs: number): void {
    const elapsedMs = Math.max(0, nowMs - this.atMs);
    const timeConstantMs = loudnessDb > this.value ? RISE_MS : FALL_MS;
    // The first packet after a pause counts as 20 ms of sound, the length of an Opus frame.
    const weight = 1 - Math.exp(-Math.max(20, Math.min(elapsedMs, 100)) / timeConstantMs);
    this.value = this.at(nowMs) + (loudnessDb - this.at(nowMs)) * weight;
    this.atMs = nowMs;
  }

  /** The loudness now. Without packets (discontinuous transmission) it falls as if they were silent. */
  at(nowMs: number): LoudnessDb {
    const silentMs = nowMs - this.atMs - 100;
    return silentMs <= 0 ? this.value : this.value * Math.exp(-silentMs / FALL_MS);
  }

  /** When the last packet was observed. */
  get observedAtMs(): number {
    return this.atMs;
  }
}

/** Converts a level of RFC 6464 (dB below overload; -1 if unknown, which counts as silence). */
export function loudnessOf(levelDb: number): LoudnessDb {
  return levelDb < 0 ? 0 : 127 - levelDb;
}

/** Louder than this counts as speech rather than background noise (-67 dBov). */
const SPEECH_DB = 60;
/** How much louder than the dominant speaker a challenger must be. */
const DOMINANCE_MARGIN_DB = 4;
/** How long a challenger must be louder: longer than a cough, shorter than a sentence. */
const CHALLENGE_MS = 400;
/** How often to judge. */
const JUDGE_EVERY_MS = 100;
const PREVIOUS_MAX = 10;

interface Speaker {
  readonly level: VoiceLevel;
  /** When it became louder than the dominant speaker; null while it is not. */
  challengesSinceMs: number | null;
}

/**
 * Finds who leads the conversation, in the spirit of Jitsi's dominant speaker identification (Volfin and Cohen 2013): by
 * loudness over time, and slow to change. The dominant speaker stays so through silence, until another endpoint speaks.
 */
export class DominantSpeaker {
  private readonly speakers = new Map<string, Speaker>();
  private dominantId: string | null = null;
  private previous: string[] = [];
  private judgedAtMs = Number.NEGATIVE_INFINITY;

  /** The dominant speaker; null before anyone has spoken. */
  get current(): string | null {
    return this.dominantId;
  }

  /** The previous dominant speakers, latest first. */
  get previousIds(): readonly string[] {
    return this.previous;
  }

  /** Notes the loudness of a packet. Returns true if that changed the dominant speaker. */
  observe(endpointId: string, loudnessDb: LoudnessDb, nowMs: number): boolean {
    this.speakerOf(endpointId, nowMs).level.observe(loudnessDb, nowMs);
    if (nowMs - this.judgedAtMs < JUDGE_EVERY_MS) return false;
    this.judgedAtMs = nowMs;
    return this.judge(nowMs);
  }

  /** Forgets an endpoint that has left. */
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
    if (winner !== null) this.setDominant(winner);
    return winner !== null;
  }

  private setDominant(endpointId: string): void {
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
/** A microphone keeps a new place for this long, so that words are not chopped. */
const HOLD_MS = 1_000;
/** A microphone that has sent nothing for this long loses its place. */
const SILENT_MS = 2_000;

interface Microphone {
  readonly level: VoiceLevel;
  /** When it got its place; null while it has none. */
  placedAtMs: number | null;
}

/**
 * Chooses which voices are forwarded in one conference: all while there are places, then the loudest. A microphone takes the
 * place of the quietest one if it is clearly louder.
 */
export class LoudestVoices {
  private readonly microphones = new Map<string, Microphone>();
  private placed = 0;

  constructor(private readonly placesMax: number) {}

  /** Notes the loudness of a packet of `endpointId`. Returns whether to forward the packet. */
  admit(endpointId: string, loudnessDb: LoudnessDb, nowMs: number): boolean {
    const microphone = this.microphoneOf(endpointId, nowMs);
    microphone.level.observe(loudnessDb, nowMs);
    if (microphone.placedAtMs !== null) return true;
    if (this.placed >= this.placesMax && !this.makePlace(microphone.level.at(nowMs), nowMs)) return false;
    microphone.placedAtMs = nowMs;
    this.placed += 1;
    return true;
  }

  /** Forgets the microphone of an endpoint that has left. */
  remove(endpointId: string): void {
    const microphone = this.microphones.get(endpointId);
    if (microphone) this.freePlace(microphone);
    this.microphones.delete(endpointId);
  }

  /** Frees the places of microphones that are closed. */
  sweep(nowMs: number): void {
    for (const microphone of this.microphones.values()) {
      if (nowMs - microphone.level.observedAtMs > SILENT_MS) this.freePlace(microphone);
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
    this.freePlace(quietest);
    return true;
  }

  private freePlace(microphone: Microphone): void {
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
