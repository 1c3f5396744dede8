import type { HearingSink } from '@/lib/core/hearingSink';
import { playStream, stopElement } from './streamElement';

/** The level of a stream that is not heard. */
export interface MeasuredStream {
  /** 0 to 1 at `nowMs` (steady clock), smoothed for the eye. */
  level(nowMs: number): number;
  stop(): void;
}

/** What plays the others' voices. `setMouth` and `setListener` are called every frame and allocate nothing. */
export interface VoiceOutput extends HearingSink {
  /** Whether there are voices that the browser does not let be heard before the person has done something. */
  readonly isBlocked: boolean;
  /** Hears `stream` as `personId`, at volume 1; `voiceId` is the caller's name for it. */
  add(voiceId: string, personId: string, stream: MediaStream): void;
  remove(voiceId: string): void;
  /** How loud `personId` speaks, whatever volume one gave them; 0 to 1. */
  level(personId: string, nowMs: number): number;
  /** Volume of all voices of `personId` that are here now, 1 as they come. */
  setVolume(personId: string, volume: number): void;
  /** Volume of everything, 1 as it comes. */
  setMaster(volume: number): void;
  /** Measures a stream that is not heard: one's own. */
  measure(stream: MediaStream): MeasuredStream;
  /** Asks the browser to let the voices be heard; in some it helps only during a press of a key or a button. Never throws. */
  resume(): void;
  /** Frees everything; of no use afterwards. */
  close(): void;
}

/** A stream that is only played: it comes from everywhere. */
class PlainVoice {
  private readonly element: HTMLAudioElement;
  private volume = 1;
  private master = 1;

  constructor(
    readonly personId: string,
    stream: MediaStream,
    onRefused: () => void,
  ) {
    this.element = playStream('audio', stream, false, onRefused);
  }

  setVolume(volume: number): void {
    this.volume = volume;
    this.apply();
  }

  setMaster(master: number): void {
    this.master = master;
    this.apply();
  }

  /** Plays after the person has done something; rejects where the browser still refuses. */
  play(): Promise<void> {
    return this.element.play();
  }

  close(): void {
    stopElement(this.element);
  }

  /** An element knows no volume above its own: what is asked to be louder stays as it comes. */
  private apply(): void {
    this.element.volume = Math.min(1, this.volume * this.master);
  }
}

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
