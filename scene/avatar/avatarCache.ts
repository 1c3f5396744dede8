import type { AvatarModel } from './avatarModel';

/** Unused models that are kept, since someone may soon wear them again. */
const IDLE_MODELS_KEPT = 4;

interface Entry {
  readonly model: Promise<AvatarModel>;
  users: number;
  isLoaded: boolean;
}

/** Models by key, each parsed once and shared; those unused for longest are freed. */
export class AvatarCache {
  private readonly entries = new Map<string, Entry>();

  constructor(
    private readonly load: (key: string) => Promise<AvatarModel>,
    private readonly idleKept = IDLE_MODELS_KEPT,
  ) {}

  /** The model of `key`. Every acquire needs a release, even where the promise rejects. */
  acquire(key: string): Promise<AvatarModel> {
    const entry = this.entries.get(key) ?? this.open(key);
    entry.users += 1;
    // Last again, so that the first entries are those used longest ago.
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.model;
  }

  /** Whether the model of `key` has loaded. */
  isLoaded(key: string): boolean {
    return this.entries.get(key)?.isLoaded ?? false;
  }

  /** Resolves once the model of `key` has loaded or failed, and at once where none has been acquired. */
  async settled(key: string): Promise<void> {
    await this.entries.get(key)?.model.catch(() => {});
  }

  release(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    entry.users = Math.max(0, entry.users - 1);
    this.freeIdle();
  }

  private open(key: string): Entry {
    const entry: Entry = { model: this.load(key), users: 0, isLoaded: false };
    entry.model.then(
      () => {
        entry.isLoaded = true;
      },
      () => this.forget(key, entry),
    );
    return entry;
  }

  /** After a failed load the next acquire tries again. */
  private forget(key: string, entry: Entry): void {
    if (this.entries.get(key) === entry) this.entries.delete(key);
  }

  private freeIdle(): void {
    const idle = [...this.entries].filter(([, entry]) => entry.users === 0);
    for (const [key, entry] of idle.slice(0, Math.max(0, idle.length - this.idleKept))) {
      this.entries.delete(key);
      void entry.model.then(
        (model) => model.dispose(),
        () => {},
      );
    }
  }
}
