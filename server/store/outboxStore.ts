/** A message for an address of the operator's. */
export interface NewMessage {
  /** Says to its receiver which message it is, over all attempts. */
  readonly id: string;
  readonly url: string;
  /** What it is about: an address gets messages about the same in their order, so that no alert fires after its end. */
  readonly subject: string;
  readonly body: string;
}

/** A message whose next attempt is due. */
export interface DueMessage extends NewMessage {
  /** Attempts so far. */
  readonly attempts: number;
  readonly createdAtMs: number;
}

/** An alert that fires, as it was first told. */
export interface FiringAlert {
  /** Of its labels, hexadecimal. */
  readonly fingerprint: string;
  /** The process that found it. */
  readonly instance: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly startsAtMs: number;
}

export type AlertChange =
  | { readonly kind: 'fires'; readonly alert: FiringAlert }
  | { readonly kind: 'ends'; readonly fingerprint: string };

/**
 * Messages on their way, and the alerts that they tell of. A message is kept until it is delivered or given up, over any number
 * of processes and their ends; an attempt belongs to one process at a time. Times are milliseconds since the Unix epoch.
 * @throws StoreError from every method if the database can't be reached
 */
export interface OutboxStore {
  /** Adds messages, with a change of the alerts that they tell of, if there is one: all or nothing. */
  add(messages: readonly NewMessage[], nowMs: number, change?: AlertChange): Promise<void>;
  /** The alerts that fire, as one process found them. */
  firing(instance: string): Promise<readonly FiringAlert[]>;
  /**
   * Takes up to `most` messages whose attempt is due and that no earlier one to the same address about the same has to precede;
   * unless told otherwise each is due again at `againMs`.
   */
  take(nowMs: number, againMs: number, most: number): Promise<readonly DueMessage[]>;
  /** Sets when the next attempt is due. */
  postpone(id: string, attempts: number, nextMs: number): Promise<void>;
  /** Forgets a message that was delivered, or given up. */
  remove(id: string): Promise<void>;
  /** Messages that are kept, and when the oldest was added; null if there is none. */
  queue(): Promise<{ readonly depth: number; readonly oldestAtMs: number | null }>;
}
