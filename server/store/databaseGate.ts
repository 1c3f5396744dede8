import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import { isDatabaseAway, StoreError, unwritableError } from '@/server/store/storeError';

/** How long a database that has just been away is not asked again. */
const CLOSED_MS = 500;

/** A reason that lasts is reported again after this long. */
const REPORT_AGAIN_MS = 60_000;

export interface DatabaseGateOptions {
  /**
   * A database that has answered no statement for this long while one waits counts as away. Null for one that can't be
   * away, however slow the machine is.
   */
  readonly silenceMs: number | null;
  /** Any monotonic scale of milliseconds. */
  readonly nowMs?: () => number;
  /** Called when the database can't be used, at most once a minute for each reason. */
  readonly onTrouble?: (trouble: StoreError) => void;
}

function awayError(cause?: unknown): StoreError {
  return new StoreError('unavailable', "The meetings' database can't be reached right now.", { cause });
}

/**
 * The only access to the database. A single slow answer doesn't count as long as others arrive. Once the database has been
 * found away, all callers are refused at once for a moment, so that they don't each wait for a timeout; after that one at a
 * time is let through until one is answered, so that they don't pile up behind a database that hangs.
 */
export class DatabaseGate {
  private readonly silenceMs: number | null;
  private readonly nowMs: () => number;
  private readonly onTrouble: (trouble: StoreError) => void;
  private readonly reportedMs = new Map<StoreError['reason'], number>();
  private closedUntilMs = Number.NEGATIVE_INFINITY;
  private lastAnswerMs = Number.NEGATIVE_INFINITY;
  /** Whether nothing has been answered since the database was found away. */
  private isDoubted = false;
  private isProbing = false;

  constructor({ silenceMs, nowMs = () => performance.now(), onTrouble = () => {} }: DatabaseGateOptions) {
    this.silenceMs = silenceMs;
    this.nowMs = nowMs;
    this.onTrouble = onTrouble;
  }

  /**
   * @throws StoreError `unavailable` if the database is away (it may still do later what it was asked), `unwritable` if it
   *   can't save; otherwise whatever `ask` throws
   */
  async run<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    if (this.nowMs() < this.closedUntilMs || this.isProbing) throw awayError();
    this.isProbing = this.isDoubted;
    try {
      const answer = await (this.silenceMs === null ? ask() : this.answerUnlessSilent(ask, this.silenceMs));
      this.isDoubted = false;
      return answer;
    } catch (error) {
      throw this.judge(error);
    } finally {
      this.isProbing = false;
    }
  }

  /** What the caller gets for a failure. */
  private judge(error: unknown): unknown {
    if (error instanceof StoreError) return this.report(error);
    const unwritable = unwritableError(error, "The meetings' database");
    if (!unwritable && isDatabaseAway(error)) {
      this.close();
      return this.report(awayError(error));
    }
    // It has answered. If it only can't write, those who read go on.
    this.isDoubted = false;
    return unwritable ? this.report(unwritable) : error;
  }

  private report(trouble: StoreError): StoreError {
    const nowMs = this.nowMs();
    if (nowMs - (this.reportedMs.get(trouble.reason) ?? Number.NEGATIVE_INFINITY) >= REPORT_AGAIN_MS) {
      this.reportedMs.set(trouble.reason, nowMs);
      this.onTrouble(trouble);
    }
    return trouble;
  }

  private async answer<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const answer = await ask();
    this.lastAnswerMs = this.nowMs();
    return answer;
  }

  /** The answer, or a refusal once no caller has had one for `silenceMs`. */
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
      // Answers that arrived while this process was stalled are read first: the stall is not the database's fault.
      await setImmediate(undefined, { signal: answered });
    }
    this.close();
    throw awayError();
  }

  private close(): void {
    this.isDoubted = true;
    this.closedUntilMs = this.nowMs() + CLOSED_MS;
  }
}
