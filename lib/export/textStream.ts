import type { ExportSink } from './exportRequest';

/** Text is handed on in pieces of this many letters. */
const PIECE_LETTERS = 256 * 1024;

/** Hands text on as bytes, one piece after the other. */
export class TextStream {
  private readonly encoder = new TextEncoder();
  private text = '';
  private atByte = 0;
  private written: Promise<void> = Promise.resolve();

  constructor(private readonly sink: ExportSink) {}

  add(text: string): void {
    this.text += text;
    if (this.text.length >= PIECE_LETTERS) this.flush();
  }

  /** Waits until all of it is where it goes. @throws what the sink throws */
  async finish(): Promise<void> {
    this.flush();
    await this.written;
  }

  private flush(): void {
    const bytes = this.encoder.encode(this.text);
    const { atByte, sink } = this;
    this.text = '';
    this.atByte += bytes.length;
    this.written = this.written.then(() => sink(bytes, atByte));
    // What fails is reported by `finish`.
    this.written.catch(() => {});
  }
}
