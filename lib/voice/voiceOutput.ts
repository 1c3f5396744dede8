import type { HearingSink } from '@/lib/core/hearingSink';

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
