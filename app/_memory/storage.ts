/** Reads JSON from the browser's storage; null if there is none, access is refused or it is not JSON. */
export function readStored(key: string): unknown {
  try {
    return JSON.parse(window.localStorage.getItem(key) ?? 'null');
  } catch {
    return null;
  }
}

/** Keeps JSON in the browser's storage. If it refuses (private window, full disk), nothing is remembered. */
export function writeStored(key: string, value: unknown): void {
  try {
    window.localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // Nothing depends on it.
  }
}
