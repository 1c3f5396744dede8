'use client';

import { useSyncExternalStore } from 'react';

/** A state that is read as a whole, such as a `SnapshotStore`. */
interface Snapshots<State> {
  readonly subscribe: (listener: () => void) => () => void;
  readonly getSnapshot: () => State;
}

/** The state of a store, read again at each change. */
export function useSnapshot<State>(store: Snapshots<State>): State {
  return useSyncExternalStore(store.subscribe, store.getSnapshot, store.getSnapshot);
}
