/** Things that start together and end together: listeners, timers, watchers. Ends each of them once, the latest first. */
export class Scope {
  private ends: (() => void)[] = [];
  private closed = false;

  get isClosed(): boolean {
    return this.closed;
  }

  /** Calls each of `ends` when the scope closes; at once if it is closed already. */
  add(...ends: readonly (() => void)[]): void {
    if (this.closed) for (const end of ends) end();
    else this.ends.push(...ends);
  }

  /** Calls everything that was added. One that throws does not stop the others; the first error is thrown. */
  close(): void {
    if (this.closed) return;
    this.closed = true;
    const errors: unknown[] = [];
    for (const end of this.ends.reverse()) {
      try {
        end();
      } catch (error) {
        errors.push(error);
      }
    }
    this.ends = [];
    if (errors.length > 0) throw errors[0];
  }
}
