/** How long one hears oneself, ms: a sentence. */
const LENGTH_MS = 3000;

/** A few seconds of a stream, recorded and played back once. */
export class VoiceSample {
  private recorder: MediaRecorder | null = null;
  private player: HTMLAudioElement | null = null;
  private url = '';
  private isOver = false;

  constructor(private readonly stream: MediaStream) {}

  /** Records; resolves after `LENGTH_MS`, at `stop`, or at once where the browser can't record. */
  record(): Promise<void> {
    return new Promise((resolve) => {
      try {
        const recorder = new MediaRecorder(this.stream);
        this.recorder = recorder;
        const pieces: Blob[] = [];
        recorder.ondataavailable = ({ data }) => pieces.push(data);
        recorder.onstop = () => {
          if (!this.isOver) this.url = URL.createObjectURL(new Blob(pieces, { type: recorder.mimeType }));
          resolve();
        };
        recorder.onerror = () => resolve();
        recorder.start();
        setTimeout(() => this.stopRecorder(), LENGTH_MS);
      } catch {
        resolve();
      }
    });
  }

  /** Plays what was recorded; resolves at its end, at `stop`, or at once where it can't be played. */
  play(): Promise<void> {
    if (this.url === '') return Promise.resolve();
    return new Promise((resolve) => {
      const player = new Audio(this.url);
      this.player = player;
      for (const name of ['ended', 'pause', 'error'] as const) player.addEventListener(name, () => resolve());
      player.play().catch(() => resolve());
    });
  }

  /** Ends either and frees the recording. */
  stop(): void {
    this.isOver = true;
    this.stopRecorder();
    this.player?.pause();
    if (this.url !== '') URL.revokeObjectURL(this.url);
    this.url = '';
  }

  private stopRecorder(): void {
    if (this.recorder?.state === 'recording') this.recorder.stop();
  }
}
