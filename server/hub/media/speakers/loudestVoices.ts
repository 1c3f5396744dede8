import { type LoudnessDb, VoiceLevel } from './voiceLevels';

/** How much louder than the quietest a microphone must be to take its place. */
const MARGIN_DB = 6;
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
    if (!quietest || loudnessDb < quietestDb + MARGIN_DB) return false;
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
