/** Bytes that are gathered before they are handed to the browser, which keeps large files on the disk. */
const GATHERED_BYTES = 4 * 1024 * 1024;

/** A file that is written front to back, where earlier parts may be changed, as headers are at the end. */
export class GrowingFile {
  private whole: Blob;
  private gathered: Uint8Array<ArrayBuffer>[] = [];
  private gatheredBytes = 0;

  constructor(private readonly type: string) {
    this.whole = new Blob([], { type });
  }

  /** Takes a copy of `bytes`. Where nothing was written between the end and `atByte` there are zeros. */
  write(bytes: Uint8Array, atByte: number): void {
    const endByte = this.whole.size + this.gatheredBytes;
    if (atByte > endByte) this.append(new Uint8Array(atByte - endByte));
    if (atByte >= endByte) this.append(bytes.slice());
    else this.change(bytes.slice(), atByte);
  }

  /** The file so far. */
  finish(): Blob {
    this.settle();
    return this.whole;
  }

  private append(bytes: Uint8Array<ArrayBuffer>): void {
    this.gathered.push(bytes);
    this.gatheredBytes += bytes.length;
    if (this.gatheredBytes >= GATHERED_BYTES) this.settle();
  }

  private change(bytes: Uint8Array<ArrayBuffer>, atByte: number): void {
    this.settle();
    const { whole } = this;
    const after = whole.slice(Math.min(whole.size, atByte + bytes.length));
    this.whole = new Blob([whole.slice(0, atByte), bytes, after], { type: this.type });
  }

  private settle(): void {
    if (this.gatheredBytes === 0) return;
    this.whole = new Blob([this.whole, ...this.gathered], { type: this.type });
    this.gathered = [];
    this.gatheredBytes = 0;
  }
}
