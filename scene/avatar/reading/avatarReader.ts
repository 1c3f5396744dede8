import { type ReadOutcome, readAvatar } from './readAvatar';

/** Milliseconds after which an idle worker is let go: everybody who comes at once shares it. */
const IDLE_MS = 20_000;

/** Reads avatars in one worker, which is there only while there is something to read. */
export class AvatarReader {
  private worker: Worker | null = null;
  private readonly waiting = new Map<number, (outcome: ReadOutcome) => void>();
  private count = 0;
  private idleTimer: ReturnType<typeof setTimeout> | undefined;

  /** Reads a file; its bytes go with it and are gone here. On this thread where there are no workers. Never rejects. */
  read(bytes: Uint8Array<ArrayBuffer>): Promise<ReadOutcome> {
    const worker = this.openWorker();
    if (!worker) return readAvatar(bytes);
    clearTimeout(this.idleTimer);
    this.count += 1;
    const id = this.count;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      worker.postMessage({ id, bytes }, [bytes.buffer]);
    });
  }

  private openWorker(): Worker | null {
    if (this.worker || typeof Worker === 'undefined') return this.worker;
    this.worker = new Worker(new URL('./avatarReader.worker.ts', import.meta.url), { type: 'module' });
    this.worker.onmessage = ({ data }: MessageEvent<{ id: number; outcome: ReadOutcome }>) =>
      this.settle(data.id, data.outcome);
    this.worker.onerror = () => this.fail();
    return this.worker;
  }

  private settle(id: number, outcome: ReadOutcome): void {
    this.waiting.get(id)?.(outcome);
    this.waiting.delete(id);
    if (this.waiting.size === 0) this.idleTimer = setTimeout(() => this.close(), IDLE_MS);
  }

  /** The worker died, of too little memory perhaps; the next file gets a new one. */
  private fail(): void {
    const message = 'The avatar could not be read on this machine. Choose another one.';
    for (const id of [...this.waiting.keys()])
      this.settle(id, { kind: 'refused', reason: 'container', message, detail: '' });
    this.close();
  }

  private close(): void {
    clearTimeout(this.idleTimer);
    this.worker?.terminate();
    this.worker = null;
  }
}
