import { PlainVoice } from './plainVoice';
import type { MeasuredStream, VoiceOutput } from './voiceOutput';

const UNMEASURED: MeasuredStream = { level: () => 0, stop: () => {} };

/** Voices through plain media elements, where a browser has no Web Audio: heard, but from nowhere, and not measured. */
export class PlainOutput implements VoiceOutput {
  private readonly voices = new Map<string, PlainVoice>();
  private master = 1;
  private isRefused = false;

  get isBlocked(): boolean {
    return this.voices.size > 0 && this.isRefused;
  }

  add(voiceId: string, personId: string, stream: MediaStream): void {
    this.remove(voiceId);
    const voice = new PlainVoice(personId, stream, () => {
      this.isRefused = true;
    });
    voice.setMaster(this.master);
    this.voices.set(voiceId, voice);
  }

  remove(voiceId: string): void {
    this.voices.get(voiceId)?.close();
    this.voices.delete(voiceId);
  }

  setMouth(): void {}

  setListener(): void {}

  level(): number {
    return 0;
  }

  setVolume(personId: string, volume: number): void {
    for (const voice of this.voices.values()) if (voice.personId === personId) voice.setVolume(volume);
  }

  setMaster(volume: number): void {
    this.master = volume;
    for (const voice of this.voices.values()) voice.setMaster(volume);
  }

  measure(): MeasuredStream {
    return UNMEASURED;
  }

  resume(): void {
    const tries = [...this.voices.values()].map((voice) => voice.play());
    Promise.all(tries).then(
      () => {
        this.isRefused = false;
      },
      () => {},
    );
  }

  close(): void {
    for (const voice of this.voices.values()) voice.close();
    this.voices.clear();
  }
}
