import { createParser, type EventSourceMessage } from 'eventsource-parser';
import { backoffMs } from '@/lib/core/backoff';

/** Timeout for the headers of an answer. */
const ANSWER_MAX_MS = 10_000;

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
}

/** An answer that another attempt would not change. */
class Final extends Error {}

/**
 * An EventSource over `fetch` that works the same in every browser and in Node. Unlike the built-in one it also reconnects
 * after a 429 or 5xx, as while a server restarts. Pauses grow from one fruitless attempt to the next and are never shorter
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

  constructor(
    readonly url: string,
    init: FetchEventSourceInit = {},
  ) {
    super();
    this.fetch = init.fetch ?? globalThis.fetch.bind(globalThis);
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
    try {
      const body = await this.connect();
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
    }
  }

  private async connect(): Promise<ReadableStream<Uint8Array>> {
    const attempt = new AbortController();
    const tooLate = setTimeout(() => attempt.abort(), ANSWER_MAX_MS);
    const signal = AbortSignal.any([this.abort.signal, attempt.signal]);
    const headers: Record<string, string> = { accept: 'text/event-stream' };
    if (this.lastEventId) headers['last-event-id'] = this.lastEventId;
    try {
      const response = await this.fetch(this.url, { headers, signal, cache: 'no-store' });
      return await eventStreamOf(response);
    } finally {
      clearTimeout(tooLate);
    }
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
    this.lastEventId = id;
    // Not when the stream opens: one that opens and breaks at once must not be reopened without a pause.
    if (type === 'message') this.attempt = 0;
    this.dispatchEvent(new MessageEvent(type, { data, lastEventId: id }));
  }

  private pause(): Promise<void> {
    const delayMs = Math.max(this.retryMs, backoffMs(this.attempt, LONGEST_PAUSE_MS, Math.random()));
    this.attempt += 1;
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
