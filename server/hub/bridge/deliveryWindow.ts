/** Largest and smallest window: bytes that may be in flight to a receiver. */
export const WINDOW_MAX_BYTES = 65_536;
const WINDOW_MIN_BYTES = 2_048;

/**
 * The smallest window of a data channel. With the headers of SCTP, DTLS and UDP, acknowledgements and what is sent again, the
 * small messages of a slow receiver take more than twice their size there.
 */
const DATA_CHANNEL_WINDOW_MIN_BYTES = 512;

const WINDOW_FIRST_BYTES = 8_192;

/** Queueing delay above which the window shrinks. */
const QUEUE_MAX_MS = 150;

/** Queueing delay up to which the window still grows. */
const QUEUE_SMALL_MS = 50;

/** How often to probe while bytes are in flight; also when half the window is full. */
const PROBE_INTERVAL_MS = 500;

/**
 * Answers of which the fastest tells what the path carries. A receiver that is busy answers late too, and little arrives
 * meanwhile; only a slow path carries little every time.
 */
const RATES_KEPT = 4;

/**
 * How much may be in flight to one receiver. A socket takes whatever it is given and system buffers hide a slow path, so
 * probes find out what has arrived: a ping behind the data, answered by a pong. The window doubles while answers come
 * quickly. An answer that queued for too long sets it to what the path carries in {@link QUEUE_MAX_MS}, by Vegas' idea
 * that delay beyond the smallest one seen is queueing.
 */
export class DeliveryWindow {
  private sentBytes = 0;
  private arrivedBytes = 0;
  private arrivedAtMs: number;
  private windowBytes = WINDOW_FIRST_BYTES;
  private leastDelayMs = Number.POSITIVE_INFINITY;
  private probedAtMs: number;
  private probedBytes = 0;
  private probe = 0;
  private isProbing = false;
  /** What arrived between one answer and the next, bytes per ms. */
  private readonly rates = new Float64Array(RATES_KEPT);
  private answers = 0;

  constructor(
    nowMs: number,
    private readonly leastBytes = WINDOW_MIN_BYTES,
  ) {
    this.arrivedAtMs = nowMs;
    // The first bytes are probed at once: nothing queues behind them, which shows the path's own delay.
    this.probedAtMs = nowMs - PROBE_INTERVAL_MS;
  }

  /** Bytes that are not known to have arrived. */
  get inFlightBytes(): number {
    return this.sentBytes - this.arrivedBytes;
  }

  /** Bytes that may be in flight. */
  get sizeBytes(): number {
    return this.windowBytes;
  }

  /** Bytes that may be sent now; below 0 if a message was longer than the window. */
  get roomBytes(): number {
    return this.windowBytes - this.inFlightBytes;
  }

  sent(sizeBytes: number): void {
    this.sentBytes += sizeBytes;
  }

  /** Whether to probe now. */
  wantsProbe(nowMs: number): boolean {
    if (this.isProbing || this.inFlightBytes === 0) return false;
    return this.inFlightBytes * 2 >= this.windowBytes || nowMs - this.probedAtMs >= PROBE_INTERVAL_MS;
  }

  /** Starts a probe, to be sent after everything so far. Returns its number, 32 bits. */
  beginProbe(nowMs: number): number {
    this.isProbing = true;
    this.probe = (this.probe + 1) >>> 0;
    this.probedAtMs = nowMs;
    this.probedBytes = this.sentBytes;
    return this.probe;
  }

  /** Handles the answer to a probe. Unknown answers are ignored. */
  answered(probe: number, nowMs: number): void {
    if (!this.isProbing || probe !== this.probe) return;
    this.isProbing = false;
    const delayMs = nowMs - this.probedAtMs;
    this.leastDelayMs = Math.min(this.leastDelayMs, delayMs);
    const queuedMs = delayMs - this.leastDelayMs;
    this.noteRate(nowMs);
    if (queuedMs <= QUEUE_SMALL_MS) this.resize(this.windowBytes * 2);
    else if (queuedMs > QUEUE_MAX_MS) this.resize(Math.max(...this.rates) * (this.leastDelayMs + QUEUE_MAX_MS));
    this.arrivedBytes = this.probedBytes;
    this.arrivedAtMs = nowMs;
  }

  private noteRate(nowMs: number): void {
    const rate = (this.probedBytes - this.arrivedBytes) / Math.max(1, nowMs - this.arrivedAtMs);
    this.rates[this.answers % RATES_KEPT] = rate;
    this.answers += 1;
  }

  private resize(bytes: number): void {
    this.windowBytes = Math.min(WINDOW_MAX_BYTES, Math.max(this.leastBytes, bytes));
  }
}

/** The delivery window of a data channel, whose association knows what has arrived: those bytes are no longer buffered. */
export class DataChannelWindow {
  private readonly window: DeliveryWindow;
  private sentBytes = 0;
  private probe: { readonly number: number; readonly sentBytes: number } | null = null;

  constructor(nowMs: number) {
    this.window = new DeliveryWindow(nowMs, DATA_CHANNEL_WINDOW_MIN_BYTES);
  }

  /** Bytes that may be handed over now, with `bufferedBytes` not acknowledged; below 0 if that is too much already. */
  roomBytes(bufferedBytes: number, nowMs: number): number {
    const { probe } = this;
    if (probe && this.sentBytes - bufferedBytes >= probe.sentBytes) {
      this.probe = null;
      this.window.answered(probe.number, nowMs);
    }
    return this.window.sizeBytes - bufferedBytes;
  }

  sent(sizeBytes: number, nowMs: number): void {
    this.sentBytes += sizeBytes;
    this.window.sent(sizeBytes);
    if (this.window.wantsProbe(nowMs)) {
      this.probe = { number: this.window.beginProbe(nowMs), sentBytes: this.sentBytes };
    }
  }
}
