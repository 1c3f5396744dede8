import { describe, expect, it } from 'vitest';
import { SnapshotStore } from '@/lib/core/snapshotStore';

describe('SnapshotStore', () => {
  it('a snapshot is a new object after a change and the same one otherwise', () => {
    const store = new SnapshotStore({ level: 0, name: 'a' });
    let told = 0;
    const stop = store.subscribe(() => {
      told += 1;
    });
    const first = store.getSnapshot();
    store.change({ level: 0 });
    expect(store.getSnapshot()).toBe(first);
    store.change({ level: 1 });
    expect(store.getSnapshot()).toEqual({ level: 1, name: 'a' });
    expect(first.level).toBe(0);
    stop();
    store.change({ level: 2 });
    expect(told).toBe(1);
  });
});
