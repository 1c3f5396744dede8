/** One attempt at something that takes time: it ends by its own end, by being called off, or by running out of time. */
export class Attempt {
  private cut: (reason: Error) => void = () => {};
  private over = false;

  /** Whether its result is not wanted any more. */
  get isOver(): boolean {
    return this.over;
  }

  /** Waits for `work` for at most `limitMs`. @throws what `work` throws, what it was called off with, or `late()` */
  async run<T>(work: Promise<T>, limitMs: number, late: () => Error): Promise<T> {
    const timer = setTimeout(() => this.callOff(late()), limitMs);
    const cutShort = new Promise<never>((_resolve, reject) => {
      this.cut = reject;
    });
    try {
      return await Promise.race([work, cutShort]);
    } finally {
      clearTimeout(timer);
      this.over = true;
    }
  }

  callOff(reason: Error): void {
    this.over = true;
    this.cut(reason);
  }
}
