/** A state that is read as a whole: each change makes a new object and calls the listeners; no change does neither. */
export class SnapshotStore<State extends object> {
  private readonly listeners = new Set<() => void>();

  constructor(private state: State) {}

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  };

  readonly getSnapshot = (): State => this.state;

  /** Replaces the fields of `part`, and calls the listeners if one of them differs. */
  change(part: Partial<State>): void {
    const keys = Object.keys(part) as (keyof State)[];
    if (keys.every((key) => Object.is(part[key], this.state[key]))) return;
    this.state = { ...this.state, ...part };
    for (const listener of this.listeners) listener();
  }
}
