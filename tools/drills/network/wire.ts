import type { Socket } from 'node:net';
import { PathRate } from './pathRate';

/** Bytes that a slow wire queues before the sender notices, as a small router does. */
const QUEUE_MAX_BYTES = 16_384;

/** One direction of a connection, which can hold everything back or limit its rate. */
export class Wire {
  /** Bytes passed so far. */
  passedBytes = 0;
  private queue: Buffer[] = [];
  private queuedBytes = 0;
  private isHeld = false;
  private rate: PathRate | null = null;
  private hasEnded = false;

  constructor(
    private readonly from: Socket,
    private readonly to: Socket,
  ) {
    from.on('data', (chunk: Buffer) => this.take(chunk));
    from.once('end', () => {
      this.hasEnded = true;
      this.flush();
    });
    to.on('drain', () => this.from.resume());
    to.once('close', () => this.rate?.stop());
  }

  get isWaiting(): boolean {
    return this.queue.length > 0;
  }

  setHeld(isHeld: boolean): void {
    this.isHeld = isHeld;
    this.flush();
  }

  /** Limit in bits a second, or null for none. */
  setRate(bitsPerS: number | null): void {
    this.rate?.stop();
    this.rate = bitsPerS === null ? null : new PathRate(bitsPerS, this);
    this.flush();
  }

  /** Passes on what it may. */
  flush(): void {
    while (!this.isHeld && this.isWaiting && this.passFirst());
    if (this.queuedBytes <= QUEUE_MAX_BYTES && !this.to.writableNeedDrain) this.from.resume();
    if (this.hasEnded && !this.isWaiting) this.to.end();
  }

  private take(chunk: Buffer): void {
    this.queue.push(chunk);
    this.queuedBytes += chunk.length;
    this.flush();
    if (this.queuedBytes > QUEUE_MAX_BYTES) this.from.pause();
  }

  /** Passes on the first chunk, or as much of it as the rate allows. False if nothing may pass now. */
  private passFirst(): boolean {
    const chunk = this.queue[0]!;
    const most = this.rate ? Math.min(chunk.length, Math.floor(this.rate.roomBytes)) : chunk.length;
    if (most === 0) return false;
    if (most === chunk.length) this.queue.shift();
    else this.queue[0] = chunk.subarray(most);
    this.queuedBytes -= most;
    this.rate?.passed(most);
    this.passedBytes += most;
    if (!this.to.destroyed && !this.to.write(chunk.subarray(0, most))) this.from.pause();
    return true;
  }
}
