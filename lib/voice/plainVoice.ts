import { playStream, stopElement } from './streamElement';

/** A stream that is only played: it comes from everywhere. */
export class PlainVoice {
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
