import type { Socket } from 'node:net';

const TICK_MS = 5;
/** Bytes that a slow wire queues before the sender notices, as a small router does. */
const QUEUE_MAX_BYTES = 16_384;

/** One direction of a connection, which can hold everything back or limit its rate. */
export class Wire {
  /** Bytes passed so far. */
  passedBytes = 0;
  private queue: Buffer[] = [];
  private queuedBytes = 0;
  private isHeld = false;
  private bytesPerTick: number | null = null;
  private credit = 0;
  private timer: NodeJS.Timeout | null = null;
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
    to.once('close', () => this.stopTicking());
  }

  setHeld(isHeld: boolean): void {
    this.isHeld = isHeld;
    this.flush();
  }

  /** Limit in bits a second, or null for none. */
  setRate(bitsPerS: number | null): void {
    this.bytesPerTick = bitsPerS === null ? null : (bitsPerS / 8 / 1000) * TICK_MS;
    this.credit = 0;
    this.stopTicking();
    if (this.bytesPerTick !== null) this.timer = setInterval(() => this.tick(), TICK_MS).unref();
    this.flush();
  }

  private take(chunk: Buffer): void {
    this.queue.push(chunk);
    this.queuedBytes += chunk.length;
    this.flush();
    if (this.queuedBytes > QUEUE_MAX_BYTES) this.from.pause();
  }

  private tick(): void {
    const rate = this.bytesPerTick ?? 0;
    // Unused credit does not add up.
    this.credit = Math.min(this.credit + rate, Math.max(rate, 1_500));
    this.flush();
  }

  private flush(): void {
    while (!this.isHeld && this.queue.length > 0 && this.passFirst());
    if (this.queuedBytes <= QUEUE_MAX_BYTES && !this.to.writableNeedDrain) this.from.resume();
    if (this.hasEnded && this.queue.length === 0) this.to.end();
  }

  /** Passes on the first chunk, or as much of it as the rate allows. False if nothing may pass now. */
  private passFirst(): boolean {
    const chunk = this.queue[0]!;
    const most = this.bytesPerTick === null ? chunk.length : Math.min(chunk.length, Math.floor(this.credit));
    if (most === 0) return false;
    if (most === chunk.length) this.queue.shift();
    else this.queue[0] = chunk.subarray(most);
    this.queuedBytes -= most;
    this.credit -= most;
    this.passedBytes += most;
    if (!this.to.destroyed && !this.to.write(chunk.subarray(0, most))) this.from.pause();
    return true;
  }

  private stopTicking(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }
}
