import type { HearingSink } from '@/lib/core/hearingSink';
import { playStream, stopElement } from './streamElement';

/** The level of a stream that is not played. */
export interface MeasuredStream {
  /** 0 to 1 at `nowMs` (steady clock), smoothed for the eye. */
  level(nowMs: number): number;
  stop(): void;
}

/** What plays the others' voices. `setMouth` and `setListener` are called every frame and allocate nothing. */
export interface VoiceOutput extends HearingSink {
  /** Whether there are voices that the browser does not play before the user has pressed something. */
  readonly isBlocked: boolean;
  /** Plays `stream` as the voice of `personId`, at volume 1; `voiceId` is the caller's name for it. */
  add(voiceId: string, personId: string, stream: MediaStream): void;
  remove(voiceId: string): void;
  /** How loud `personId` speaks, whatever their volume; 0 to 1. */
  level(personId: string, nowMs: number): number;
  /** Sets the volume of all present voices of `personId`; 1 plays them unchanged. */
  setVolume(personId: string, volume: number): void;
  /** Sets the volume of everything; 1 plays it unchanged. */
  setMaster(volume: number): void;
  /** Measures a stream that is not played: the user's own microphone. */
  measure(stream: MediaStream): MeasuredStream;
  /** Asks the browser to play the voices; some agree only while a key or button is pressed. Never throws. */
  resume(): void;
  /** Frees everything, for good. */
  close(): void;
}

/** A stream that is played without a place. */
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

  /** Plays after the user has pressed something; rejects if the browser still refuses. */
  play(): Promise<void> {
    return this.element.play();
  }

  close(): void {
    stopElement(this.element);
  }

  /** An element cannot amplify: higher volumes play the stream unchanged. */
  private apply(): void {
    this.element.volume = Math.min(1, this.volume * this.master);
  }
}

const UNMEASURED: MeasuredStream = { level: () => 0, stop: () => {} };

/** Plays voices through media elements, for browsers without Web Audio: without places and without levels. */
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
