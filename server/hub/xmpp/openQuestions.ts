/** A question between two occupants that waits for its answer. */
export interface OpenQuestion {
  readonly askerNick: string;
  readonly answererNick: string;
  /** The id under which the asker expects the answer. */
  readonly askerId: string;
}

/** Most questions of a room that wait for an answer; more make the oldest forgotten. */
const OPEN_MAX = 1_024;

/**
 * The questions that occupants of a room have asked each other. Each gets an id of the hub's own, so that only answers
 * to questions pass, once, and an id carries no words.
 */
export class OpenQuestions {
  private readonly open = new Map<string, OpenQuestion>();
  private last = 0;

  /** Remembers a question. Returns the id under which to pass it on. */
  ask(question: OpenQuestion): string {
    this.last += 1;
    const id = `hub-${this.last}`;
    this.open.set(id, question);
    if (this.open.size > OPEN_MAX) this.forgetOldest();
    return id;
  }

  /** The question that an answer of `answererNick` belongs to, once; null if there is none. */
  take(id: string | undefined, answererNick: string): OpenQuestion | null {
    const question = id === undefined ? undefined : this.open.get(id);
    if (!id || question?.answererNick !== answererNick) return null;
    this.open.delete(id);
    return question;
  }

  private forgetOldest(): void {
    const oldest = this.open.keys().next();
    if (!oldest.done) this.open.delete(oldest.value);
  }
}
