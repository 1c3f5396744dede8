/**
 * A small typed event emitter. `Events` maps each event's name to its payload, so a name is never a loose string.
 * A listener that throws does not stop the others: its error is reported and the rest are called.
 */
export class Emitter<Events extends object> {
  private readonly listeners = new Map<keyof Events, Set<(payload: never) => void>>();

  constructor(private readonly reportError: (error: unknown) => void = (error) => console.error(error)) {}

  /** Calls `listener` on every `name` until the returned function is called. */
  on<Name extends keyof Events>(name: Name, listener: (payload: Events[Name]) => void): () => void {
    const existing = this.listeners.get(name);
    const set = existing ?? new Set<(payload: never) => void>();
    if (!existing) this.listeners.set(name, set);
    set.add(listener);
    return () => {
      set.delete(listener);
    };
  }

  /** Calls every listener of `name`, in the order in which they were added. */
  emit<Name extends keyof Events>(name: Name, payload: Events[Name]): void {
    const set = this.listeners.get(name);
    if (!set) return;
    for (const listener of set) {
      try {
        (listener as (payload: Events[Name]) => void)(payload);
      } catch (error) {
        this.reportError(error);
      }
    }
  }

  /** Removes every listener. */
  clear(): void {
    this.listeners.clear();
  }
}
