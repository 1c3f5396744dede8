/** Runs tasks of one key one after the other, and of different keys side by side. */
export class KeyedQueue {
  private readonly tails = new Map<string, Promise<void>>();

  /** Runs `task` once every earlier task of `key` is done, however it went. */
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
