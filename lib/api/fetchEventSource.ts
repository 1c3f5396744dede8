import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { backoffMs } from '@/lib/core/backoff';

/** Longest time from a request to the first event. Our streams begin with one at once; other ones may be silent. */
const FIRST_EVENT_MAX_MS = 6_000;

/** Longest pause between attempts, unless the stream asks for more. */
const LONGEST_PAUSE_MS = 4_000;
/** Longest pause that a stream may ask for. */
const RETRY_MAX_MS = 60_000;
/** Longest event or line kept, in UTF-16 units; what is longer is not ours. */
const EVENT_MAX_UNITS = 1 << 20;

/** Options of a {@link FetchEventSource}. */
export interface FetchEventSourceInit {
  /** Required by the interface and ignored: credentials follow `fetch`'s default. */
  readonly withCredentials?: boolean;
  readonly fetch?: typeof fetch;
  /** Shared by all sources of one subscription. */
  readonly tries?: SilentTries;
}

/** This many tries in a row that bring no event, although their request is open: something on the way holds streams back. */
const HELD_BACK_AFTER = 2;
/** Pause between tries of a stream that is held back. */
const HELD_BACK_PAUSE_MS = 60_000;

/**
 * Notices that something on the way, such as a proxy or a virus scanner, holds event streams back: it keeps the body until
 * the answer is complete, which a stream never is. Such streams are tried seldom.
 */
export class SilentTries {
  private count = 0;
  private nextMs = 0;

  /** @param onSilent Called after each try that brought no event, with whether streams count as held back. */
  constructor(private readonly onSilent: (isHeldBack: boolean) => void) {}

  /** Time to wait before the next try, ms. */
  get pauseMs(): number {
    return Math.max(0, this.nextMs - performance.now());
  }

  noteEvent(): void {
    this.count = 0;
  }

  noteSilence(): void {
    this.count += 1;
    const isHeldBack = this.count >= HELD_BACK_AFTER;
    if (isHeldBack) this.nextMs = performance.now() + HELD_BACK_PAUSE_MS;
    this.onSilent(isHeldBack);
  }
}

/** An answer that another attempt would not change. */
class Final extends Error {}

/**
 * An EventSource over `fetch` that works the same in every browser and in Node. Unlike the built-in one it also reconnects
 * after a 429 or 5xx, as while a server restarts, and after an answer without events. Pauses grow from one fruitless attempt to the next and are never shorter
 * than the stream's `retry`.
 *
 * Dispatches `open`, `error` (with `readyState` CONNECTING if it will reconnect, CLOSED if not) and the stream's own events
 * as MessageEvents.
 */
export class FetchEventSource extends EventTarget {
  readonly CONNECTING = 0;
  readonly OPEN = 1;
  readonly CLOSED = 2;
  readyState: number = this.CONNECTING;

  private readonly abort = new AbortController();
  private readonly fetch: typeof fetch;
  private attempt = 0;
  private retryMs = 0;
  private lastEventId = '';
  private readonly tries: SilentTries | undefined;
  /** Ends the current try, if no event comes in time. */
  private firstEventTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    readonly url: string,
    init: FetchEventSourceInit = {},
  ) {
    super();
    this.fetch = init.fetch ?? globalThis.fetch.bind(globalThis);
    this.tries = init.tries;
    void this.run();
  }

  /** Closes for good; nothing is dispatched after it. */
  close(): void {
    this.readyState = this.CLOSED;
    this.abort.abort();
  }

  private get isClosed(): boolean {
    return this.readyState === this.CLOSED;
  }

  private async run(): Promise<void> {
    const pauseMs = this.tries?.pauseMs ?? 0;
    if (pauseMs > 0) await this.wait(pauseMs);
    while (!this.isClosed) {
      const final = await this.readOnce();
      if (this.isClosed) return;
      this.readyState = final ? this.CLOSED : this.CONNECTING;
      this.dispatchEvent(new Event('error'));
      if (!this.isClosed) await this.pause();
    }
  }

  /** Reads one answer to its end. Returns whether another attempt would be pointless. */
  private async readOnce(): Promise<boolean> {
    const attempt = new AbortController();
    this.firstEventTimer = setTimeout(() => attempt.abort(), FIRST_EVENT_MAX_MS);
    try {
      const body = await this.connect(AbortSignal.any([this.abort.signal, attempt.signal]));
      if (this.isClosed) {
        await body.cancel();
        return true;
      }
      this.readyState = this.OPEN;
      this.dispatchEvent(new Event('open'));
      await this.read(body);
      return false;
    } catch (error) {
      return error instanceof Final;
    } finally {
      clearTimeout(this.firstEventTimer);
      if (attempt.signal.aborted && !this.isClosed) this.tries?.noteSilence();
    }
  }

  private async connect(signal: AbortSignal): Promise<ReadableStream<Uint8Array>> {
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (this.lastEventId) headers['last-event-id'] = this.lastEventId;
    return eventStreamOf(await this.fetch(this.url, { headers, signal, cache: 'no-store' }));
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    const parser = createParser({
      maxBufferSize: EVENT_MAX_UNITS,
      onEvent: (message) => this.deliver(message),
      onRetry: (retryMs) => {
        this.retryMs = Math.min(retryMs, RETRY_MAX_MS);
      },
      onError: (error) => {
        if (error.type === 'max-buffer-size-exceeded') throw error;
      },
    });
    const decoder = new TextDecoder();
    const reader = body.getReader();
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done || this.isClosed) return;
        parser.feed(decoder.decode(value, { stream: true }));
      }
    } finally {
      await reader.cancel().catch(() => {});
    }
  }

  private deliver({ event: type = 'message', data, id = this.lastEventId }: EventSourceMessage): void {
    if (this.isClosed) return;
    clearTimeout(this.firstEventTimer);
    this.tries?.noteEvent();
    this.lastEventId = id;
    // Not when the stream opens: one that opens and breaks at once must not be reopened without a pause.
    if (type === 'message') this.attempt = 0;
    this.dispatchEvent(new MessageEvent(type, { data, lastEventId: id }));
  }

  private pause(): Promise<void> {
    const ownMs = Math.max(this.retryMs, backoffMs(this.attempt, LONGEST_PAUSE_MS, Math.random()));
    this.attempt += 1;
    return this.wait(Math.max(ownMs, this.tries?.pauseMs ?? 0));
  }

  private wait(delayMs: number): Promise<void> {
    const { signal } = this.abort;
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, delayMs);
      signal.addEventListener('abort', end);
    });
  }
}

async function eventStreamOf(response: Response): Promise<ReadableStream<Uint8Array>> {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
  if (response.status === 200 && isStream && response.body) return response.body;
  await response.body?.cancel();
  const message = `the server answered ${response.status}`;
  throw response.status === 429 || response.status >= 500 ? new Error(message) : new Final(message);
}
