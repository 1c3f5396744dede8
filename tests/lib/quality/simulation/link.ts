/** A packet on its way. */
export interface SimPacket {
  readonly from: number;
  readonly sequence: number;
  readonly sizeBytes: number;
  /** When its newest frame was captured, and the time it spans, ms. */
  readonly capturedMs: number;
  readonly spanMs: number;
}

/** A link of limited capacity with a queue in front of it. Keeps the order. */
export class SimLink {
  private readonly queue: SimPacket[] = [];
  private paidBytes = 0;
  private blockedUntilMs = 0;
  backlogBytes = 0;

  /** At most `perSenderMax` packets of one sender wait; beyond that the oldest is dropped, as in a bridge. */
  constructor(
    public capacityBps = Number.POSITIVE_INFINITY,
    private readonly perSenderMax = Number.POSITIVE_INFINITY,
  ) {}

  /** Carries nothing until then, like a Wi-Fi that stalls. */
  stallUntil(ms: number): void {
    this.blockedUntilMs = ms;
  }

  push(packet: SimPacket): void {
    this.queue.push(packet);
    this.backlogBytes += packet.sizeBytes;
    if (this.queue.length <= this.perSenderMax) return;
    const waiting = this.queue.filter(({ from }) => from === packet.from);
    if (waiting.length > this.perSenderMax) this.remove(this.queue.indexOf(waiting[0]!));
  }

  /** Lets `spanMs` pass; `takenBps` of the capacity belongs to others, such as voices. */
  advance(nowMs: number, spanMs: number, takenBps: number, deliver: (packet: SimPacket) => void): void {
    if (nowMs < this.blockedUntilMs) return;
    this.paidBytes += (Math.max(0, this.capacityBps - takenBps) * spanMs) / 8_000;
    while (this.queue.length > 0 && this.queue[0]!.sizeBytes <= this.paidBytes) {
      const packet = this.queue[0]!;
      this.paidBytes -= packet.sizeBytes;
      this.remove(0);
      deliver(packet);
    }
    // Unused capacity is lost.
    if (this.queue.length === 0) this.paidBytes = 0;
  }

  clear(): void {
    this.queue.length = 0;
    this.backlogBytes = 0;
  }

  private remove(index: number): void {
    this.backlogBytes -= this.queue[index]!.sizeBytes;
    this.queue.splice(index, 1);
  }
}
