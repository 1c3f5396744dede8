/** What a {@link Mailbox} hands out. `behind`: messages were lost, start over with the whole. `over`: nothing follows. */
type Mail<Message> =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'behind' }
  | { readonly kind: 'over' };

const BEHIND = { kind: 'behind' } as const;
const OVER = { kind: 'over' } as const;

/**
 * One reader's messages, at most `capacity` of them. A reader too slow for that is told once that it is behind, and
 * nothing more is kept until {@link restart}.
 */
export class Mailbox<Message> {
  private waiting: Message[] = [];
  private behind = false;
  private closed: { readonly error: Error | null } | null = null;
  private wake: () => void = () => {};

  constructor(private readonly capacity = 64) {}

  /** Adds a message; does nothing once closed. */
  push(message: Message): void {
    if (this.closed || this.behind) return;
    if (this.waiting.length === this.capacity) this.fallBehind();
    else this.waiting.push(message);
    this.wake();
  }

  /** Nothing follows what is waiting; with an `error`, the reader gets that after it. Only the first call counts. */
  close(error: Error | null = null): void {
    this.closed ??= { error };
    this.wake();
  }

  /** Accepts messages again after `behind`, with the whole as `first`. Also works once closed: the reader misses no end. */
  restart(first: Message): void {
    this.behind = false;
    this.waiting = [first];
  }

  /** The next mail, or `over` if `signal` aborts first. @throws whatever the mailbox was closed with */
  async take(signal?: AbortSignal): Promise<Mail<Message>> {
    for (;;) {
      if (signal?.aborted) return OVER;
      const mail = this.ready();
      if (mail) return mail;
      await this.somethingNew(signal);
    }
  }

  private fallBehind(): void {
    this.behind = true;
    this.waiting = [];
  }

  private ready(): Mail<Message> | null {
    if (this.behind) return BEHIND;
    const message = this.waiting.shift();
    if (message !== undefined) return { kind: 'message', message };
    if (this.closed?.error) throw this.closed.error;
    return this.closed ? OVER : null;
  }

  private somethingNew(signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      this.wake = wake;
      signal?.addEventListener('abort', wake, { once: true });
    });
  }
}

/** Runs the tasks of one key one after another, and those of different keys side by side. */
export class KeyedQueue {
  private readonly tails = new Map<string, Promise<void>>();

  /** Runs `task` once every earlier task of `key` has settled. */
  run<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const result = (this.tails.get(key) ?? Promise.resolve()).then(task);
    const settled: Promise<void> = result.then(nothing, nothing).then(() => {
      if (this.tails.get(key) === settled) this.tails.delete(key);
    });
    this.tails.set(key, settled);
    return result;
  }

  /** Keys with a task under way. */
  get size(): number {
    return this.tails.size;
  }
}

const nothing = () => {};
