import { openWorker } from './openWorker';
import type { ReadOutcome } from './readAvatar';

/** Milliseconds after which an idle worker is let go: everybody who comes at once shares it. */
const IDLE_MS = 20_000;

const DIED: ReadOutcome = {
  kind: 'refused',
  reason: 'container',
  message: 'The avatar could not be read on this machine. Choose another one.',
  detail: '',
};

/** Reads a file on this thread; what reads is fetched only where no worker has it. */
async function readHere(bytes: Uint8Array<ArrayBuffer>): Promise<ReadOutcome> {
  try {
    const { readAvatar } = await import('./readAvatar');
    return await readAvatar(bytes);
  } catch {
    return DIED;
  }
}

/** Reads avatars in one worker, which is there only while there is something to read. */
export class AvatarReader {
  private opening: Promise<Worker | null> | null = null;
  private readonly waiting = new Map<number, (outcome: ReadOutcome) => void>();
  private count = 0;
  private idleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly open: () => Promise<Worker | null> = openWorker) {}

  /** Reads a file; its bytes go with it and are gone here. On this thread where there is no worker. Never rejects. */
  async read(bytes: Uint8Array<ArrayBuffer>): Promise<ReadOutcome> {
    clearTimeout(this.idleTimer);
    this.opening ??= this.start();
    const worker = await this.opening;
    if (!worker) return readHere(bytes);
    clearTimeout(this.idleTimer);
    this.count += 1;
    const id = this.count;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      worker.postMessage({ id, bytes }, [bytes.buffer]);
    });
  }

  private async start(): Promise<Worker | null> {
    const worker = await this.open();
    if (!worker) return null;
    worker.onmessage = ({ data }: MessageEvent<{ id: number; outcome: ReadOutcome }>) => {
      this.settle(data.id, data.outcome);
      if (this.waiting.size === 0) this.idleTimer = setTimeout(() => this.close(worker), IDLE_MS);
    };
    // It died, of too little memory perhaps; the next file gets a new one.
    worker.onerror = () => {
      this.close(worker);
      for (const id of [...this.waiting.keys()]) this.settle(id, DIED);
    };
    return worker;
  }

  private settle(id: number, outcome: ReadOutcome): void {
    this.waiting.get(id)?.(outcome);
    this.waiting.delete(id);
  }

  private close(worker: Worker): void {
    clearTimeout(this.idleTimer);
    worker.terminate();
    this.opening = null;
  }
}
