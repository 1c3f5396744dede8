import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseAway, StoreError } from '@/server/store/storeError';

/** How long nobody asks a database again that has just been away. */
const CLOSED_MS = 500;

export interface DatabaseGateOptions {
  /**
   * A database that has answered nobody for so long, while somebody waits, counts as away. Null for one that can't
   * be away, however slow the machine is.
   */
  readonly silenceMs: number | null;
  /** Any monotonic scale of milliseconds. */
  readonly nowMs?: () => number;
}

function awayError(cause?: unknown): StoreError {
  return new StoreError('unavailable', "The meetings' database can't be reached just now.", { cause });
}

/**
 * The only way to the database. A single slow answer isn't held against it as long as others come; and once it has
 * been found away, everybody is refused at once for a moment, instead of each one waiting for a time-out of their own.
 */
export class DatabaseGate {
  private readonly silenceMs: number | null;
  private readonly nowMs: () => number;
  private closedUntilMs = Number.NEGATIVE_INFINITY;
  private lastAnswerMs = Number.NEGATIVE_INFINITY;

  constructor({ silenceMs, nowMs = () => performance.now() }: DatabaseGateOptions) {
    this.silenceMs = silenceMs;
    this.nowMs = nowMs;
  }

  /**
   * @throws StoreError `unavailable` where the database is away (what was asked may still be done later); whatever
   *   `ask` throws otherwise.
   */
  async run<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    if (this.nowMs() < this.closedUntilMs) throw awayError();
    try {
      return await (this.silenceMs === null ? ask() : this.answerUnlessSilent(ask, this.silenceMs));
    } catch (error) {
      if (error instanceof StoreError || !isDatabaseAway(error)) throw error;
      this.close();
      throw awayError(error);
    }
  }

  private async answer<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const answer = await ask();
    this.lastAnswerMs = this.nowMs();
    return answer;
  }

  /** The answer, or a refusal once nobody has had one for `silenceMs`. */
  private async answerUnlessSilent<Answer>(ask: () => Promise<Answer>, silenceMs: number): Promise<Answer> {
    const answered = new AbortController();
    try {
      return await Promise.race([this.answer(ask), this.silence(silenceMs, answered.signal)]);
    } finally {
      answered.abort();
    }
  }

  private async silence(silenceMs: number, answered: AbortSignal): Promise<never> {
    const askedMs = this.nowMs();
    for (;;) {
      const quietMs = this.nowMs() - Math.max(askedMs, this.lastAnswerMs);
      if (quietMs >= silenceMs) break;
      await sleep(silenceMs - quietMs, undefined, { signal: answered });
      // Answers that arrived while the process itself was stalled are read before it is the database's fault.
      await setImmediate(undefined, { signal: answered });
    }
    this.close();
    throw awayError();
  }

  private close(): void {
    this.closedUntilMs = this.nowMs() + CLOSED_MS;
  }
}
