import { randomUUID } from 'node:crypto';

/** Stanzas sent without an acknowledgement after which one is asked for. */
const ACKNOWLEDGE_EVERY = 8;

/** The counters and the queue of one session's stream management (XEP-0198). Counts begin at `<enable/>`. */
export class StreamManagement {
  /** What `<resume previd>` must name. */
  readonly id = randomUUID();
  /** Stanzas handled by us: the `h` we tell. */
  received = 0;
  private acknowledged = 0;
  private sinceRequest = 0;
  private readonly queue: string[] = [];

  /** Stanzas sent and not acknowledged yet, oldest first. */
  get unacknowledged(): readonly string[] {
    return this.queue;
  }

  /** Keeps a stanza that is being sent. Returns true where an acknowledgement should be asked for now. */
  sent(stanza: string): boolean {
    this.queue.push(stanza);
    this.sinceRequest += 1;
    if (this.sinceRequest < ACKNOWLEDGE_EVERY) return false;
    this.sinceRequest = 0;
    return true;
  }

  /** Forgets what the client has handled. False where `h` is no count that can be true. */
  acknowledge(h: string | undefined): boolean {
    const handled = h !== undefined && /^\d{1,10}$/.test(h) ? Number(h) - this.acknowledged : -1;
    if (handled < 0 || handled > this.queue.length) return false;
    this.queue.splice(0, handled);
    this.acknowledged += handled;
    return true;
  }
}
