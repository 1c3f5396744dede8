/**
 * A small typed event emitter. `Events` maps each event's name to its payload, so a name is never a loose string.
 * A listener that throws does not keep the others from hearing: its error is reported and the round goes on.
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

  /** Tells every listener of `name`, in the order they came. */
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

  /** Forgets every listener. */
  clear(): void {
    this.listeners.clear();
  }
}
