/** What a {@link Mailbox} hands out. `behind`: messages were lost, start again from the whole. `over`: nothing follows. */
export type Mail<Message> =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'behind' }
  | { readonly kind: 'over' };

const BEHIND = { kind: 'behind' } as const;
const OVER = { kind: 'over' } as const;

/**
 * One reader's messages, at most `capacity` of them. To a reader too slow for that the mailbox says once that it is
 * behind, and keeps nothing until {@link restart}.
 */
export class Mailbox<Message> {
  private waiting: Message[] = [];
  private behind = false;
  private closed: { readonly error: Error | null } | null = null;
  private wake: () => void = () => {};

  constructor(private readonly capacity = 64) {}

  /** Leaves a message; does nothing once closed. */
  push(message: Message): void {
    if (this.closed || this.behind) return;
    if (this.waiting.length === this.capacity) this.fallBehind();
    else this.waiting.push(message);
    this.wake();
  }

  /** Nothing follows what is waiting; with an `error`, the reader gets that after it. The first call counts. */
  close(error: Error | null = null): void {
    this.closed ??= { error };
    this.wake();
  }

  /** Takes messages again after `behind`, the whole as `first`. Also works once closed: the reader misses no end. */
  restart(first: Message): void {
    this.behind = false;
    this.waiting = [first];
  }

  /** The next mail, or `over` when `signal` aborts first. @throws whatever the mailbox was closed with. */
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
