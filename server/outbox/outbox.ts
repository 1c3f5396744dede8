import type { Clock } from '@/lib/core/clock';
import type { Log } from '@/lib/core/log';
import type { AlertChange, DueMessage, NewMessage, OutboxStore } from '@/server/store/outboxStore';
import type { AttemptOutcome, WebhookRequest } from './webhookRequest';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;

/** Pauses after the first, second, ... attempt, as Standard Webhooks proposes; after the last one a message is given up. */
const PAUSES_MS = [
  5 * SECOND_MS,
  5 * MINUTE_MS,
  30 * MINUTE_MS,
  2 * HOUR_MS,
  5 * HOUR_MS,
  10 * HOUR_MS,
  14 * HOUR_MS,
  20 * HOUR_MS,
  24 * HOUR_MS,
];
/** So begin the ids of messages that test the way: each is tried twice, since one that comes a day late tests nothing. */
export const TEST_PREFIX = 'test_';
const TEST_PAUSES_MS = PAUSES_MS.slice(0, 1);
/** Share by which a pause is spread, so that receivers that come back are not met by everything at once. */
const JITTER = 0.1;
/** How often it looks for messages that are due. */
const LOOK_EVERY_MS = SECOND_MS;
/** A process that has taken a message and ended leaves it to others after this long. */
const LEASE_MS = 30 * SECOND_MS;
/** Messages at once. */
const BATCH = 8;
const RETRY_AFTER_MAX_MS = 24 * HOUR_MS;
/** Most messages that are kept in memory while the database is away. */
const UNSAVED_MAX = 100;

export interface OutboxParts {
  readonly store: OutboxStore;
  /** Milliseconds since the Unix epoch. */
  readonly clock: Clock;
  /** 0 .. 1 */
  readonly random: () => number;
  readonly log: Log;
  /** Makes one attempt. Never rejects. */
  send(message: WebhookRequest): Promise<AttemptOutcome>;
  readonly onOutcome?: (kind: AttemptOutcome['kind'] | 'givenUp') => void;
}

/** Whether a message that was kept earlier has to be delivered first. */
function precedes(earlier: Unsaved, { url, subject }: Unsaved): boolean {
  return earlier.url === url && earlier.subject === subject && earlier.dueAtMs < Number.POSITIVE_INFINITY;
}

interface Unsaved extends DueMessage {
  readonly change: AlertChange | undefined;
  attempts: number;
  dueAtMs: number;
}

/**
 * Delivers messages at least once, in the face of receivers that are away, processes that end, and a database that is away: then
 * messages go straight from memory. All attempts of one message have its id.
 */
export class Outbox {
  private timer: NodeJS.Timeout | null = null;
  private isBusy = false;
  private isClosed = false;
  private unsaved: Unsaved[] = [];

  constructor(private readonly parts: OutboxParts) {}

  start(): void {
    this.timer = setInterval(() => void this.deliver(), LOOK_EVERY_MS);
    this.timer.unref();
  }

  /** Adds messages, and what they say of an alert. Never rejects. */
  async add(messages: readonly NewMessage[], change?: AlertChange): Promise<void> {
    const { store, clock, log } = this.parts;
    const nowMs = clock.nowMs();
    // Nothing overtakes what is yet to be saved: an alert would end before it fires.
    if (this.unsaved.length > 0) this.keep(messages, nowMs, change);
    else {
      try {
        await store.add(messages, nowMs, change);
      } catch (error) {
        log.warn('messages are kept in memory: the database is away', {
          messages: messages.length,
          cause: String(error),
        });
        this.keep(messages, nowMs, change);
      }
    }
    void this.deliver();
  }

  /** Makes the attempts that are due. Never rejects. */
  async deliver(): Promise<void> {
    if (this.isBusy || this.isClosed) return;
    this.isBusy = true;
    try {
      await this.save();
      await Promise.all([this.deliverSaved(), this.deliverUnsaved()]);
    } finally {
      this.isBusy = false;
    }
  }

  close(): void {
    this.isClosed = true;
    if (this.timer) clearInterval(this.timer);
  }

  private keep(messages: readonly NewMessage[], nowMs: number, change: AlertChange | undefined): void {
    const added = messages.map((message) => ({ ...message, change, attempts: 0, createdAtMs: nowMs, dueAtMs: nowMs }));
    this.unsaved = [...this.unsaved, ...added].slice(-UNSAVED_MAX);
  }

  private async deliverSaved(): Promise<void> {
    const { store, clock, log } = this.parts;
    try {
      for (;;) {
        const nowMs = clock.nowMs();
        const due = await store.take(nowMs, nowMs + LEASE_MS, BATCH);
        await Promise.all(due.map((message) => this.attempt(message)));
        if (due.length < BATCH || this.isClosed) return;
      }
    } catch (error) {
      log.debug('no messages can be looked for', { cause: String(error) });
    }
  }

  private async attempt(message: DueMessage): Promise<void> {
    const { store, clock } = this.parts;
    const pauseMs = await this.send(message);
    if (pauseMs === null) await store.remove(message.id);
    else await store.postpone(message.id, message.attempts + 1, clock.nowMs() + pauseMs);
  }

  private async deliverUnsaved(): Promise<void> {
    const { clock } = this.parts;
    const due = this.unsaved.filter(
      (message, k) =>
        message.dueAtMs <= clock.nowMs() && !this.unsaved.slice(0, k).some((earlier) => precedes(earlier, message)),
    );
    await Promise.all(
      due.map(async (message) => {
        const pauseMs = await this.send(message);
        message.attempts += 1;
        if (pauseMs !== null) message.dueAtMs = clock.nowMs() + pauseMs;
        // What it says of an alert is still to be saved, but not sent again.
        else message.dueAtMs = Number.POSITIVE_INFINITY;
      }),
    );
    this.unsaved = this.unsaved.filter(({ dueAtMs, change }) => dueAtMs < Number.POSITIVE_INFINITY || change);
  }

  /** Brings what is in memory into the database, if that is back. */
  private async save(): Promise<void> {
    const { store } = this.parts;
    try {
      for (let first = this.unsaved[0]; first; first = this.unsaved[0]) {
        const { id, url, subject, body, createdAtMs, dueAtMs, attempts, change } = first;
        const isSent = dueAtMs === Number.POSITIVE_INFINITY;
        await store.add(isSent ? [] : [{ id, url, subject, body }], createdAtMs, change);
        if (!isSent && attempts > 0) await store.postpone(id, attempts, dueAtMs);
        this.unsaved.shift();
      }
    } catch {
      // Still away.
    }
  }

  /** Resolves with the pause until the next attempt, or null if there is none. */
  private async send({ id, url, body, attempts }: DueMessage): Promise<number | null> {
    const { log, random, onOutcome } = this.parts;
    const outcome = await this.parts.send({ id, url, body });
    const pauseMs = (id.startsWith(TEST_PREFIX) ? TEST_PAUSES_MS : PAUSES_MS)[attempts];
    const isGivenUp = outcome.kind === 'failed' && pauseMs === undefined;
    onOutcome?.(isGivenUp ? 'givenUp' : outcome.kind);
    if (outcome.kind !== 'failed') return null;
    const facts = { id, host: new URL(url).host, attempt: attempts + 1, why: outcome.why };
    if (pauseMs === undefined) {
      log.error('a message could not be delivered and is given up', facts);
      return null;
    }
    log.warn('a message could not be delivered and is tried again', facts);
    const spreadMs = pauseMs * (1 + JITTER * (2 * random() - 1));
    return Math.max(spreadMs, Math.min(outcome.retryAfterMs ?? 0, RETRY_AFTER_MAX_MS));
  }
}
