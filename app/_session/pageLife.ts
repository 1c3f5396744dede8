/** What a page learns of being looked at and of coming back to life. */
export interface PageAttentionListener {
  /** The page was hidden, or is shown again. */
  onHidden(isHidden: boolean): void;
  /** The network, the page or the machine has just come back. */
  onWake(): void;
  /** The page goes: closed, reloaded, or put away by the browser. */
  onGone(): void;
}

/** A timer this much late has slept with the machine. */
const SLEPT_MS = 3_000;
const WATCH_MS = 1_000;

/** Watches whether anybody looks at the page, and when it or its network come back. Returns what ends the watch. */
export function watchPageAttention(listener: PageAttentionListener): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const wake = () => listener.onWake();
  const show = () => {
    listener.onHidden(document.hidden);
    if (!document.hidden) wake();
  };
  document.addEventListener('visibilitychange', show, { signal });
  // A page that comes back from the browser's store or from being frozen, and a network that is there again.
  document.addEventListener('resume', wake, { signal });
  window.addEventListener('pageshow', ({ persisted }) => persisted && wake(), { signal });
  window.addEventListener('online', wake, { signal });
  window.addEventListener('pagehide', () => listener.onGone(), { signal });
  const stopSleepWatch = watchSleep(wake);
  if (document.hidden) listener.onHidden(true);
  return () => {
    ending.abort();
    stopSleepWatch();
  };
}

/** A lid that opens tells nobody, but timers come late. Hidden pages' timers always do, and showing them wakes anyway. */
function watchSleep(onWake: () => void): () => void {
  let lastMs = performance.now();
  const timer = setInterval(() => {
    const nowMs = performance.now();
    if (nowMs - lastMs > WATCH_MS + SLEPT_MS && !document.hidden) onWake();
    lastMs = nowMs;
  }, WATCH_MS);
  return () => clearInterval(timer);
}

/**
 * Calls `task` every `periodMs`, also while the page is hidden: there a page's own timers may come once a minute only
 * (Chromium's intensive throttling), and a stay would run out. Returns what ends it.
 */
export function steadyInterval(task: () => void, periodMs: number): () => void {
  const worker = startWorker();
  if (!worker) {
    const timer = setInterval(task, periodMs);
    return () => clearInterval(timer);
  }
  worker.onmessage = task;
  worker.postMessage(periodMs);
  return () => worker.terminate();
}

/** Null where there are no workers, as in a test without a browser. */
function startWorker(): Worker | null {
  if (typeof Worker === 'undefined') return null;
  try {
    return new Worker(new URL('./steadyInterval.worker.ts', import.meta.url), { type: 'module' });
  } catch {
    return null;
  }
}
