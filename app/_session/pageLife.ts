/** What a page is told about being visible and about coming back. */
export interface PageAttentionListener {
  /** The page was hidden, or is visible again. */
  onHidden(isHidden: boolean): void;
  /** The network, the page or the machine has just come back. */
  onWake(): void;
  /** The page is closed, reloaded, or put away by the browser. */
  onGone(): void;
}

/** A timer this late has slept with the machine. */
const SLEPT_MS = 3_000;
const WATCH_MS = 1_000;

/** Watches whether the page is visible, and when it or its network comes back. The returned function ends the watch. */
export function watchPageAttention(listener: PageAttentionListener): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const wake = () => listener.onWake();
  const show = () => {
    listener.onHidden(document.hidden);
    if (!document.hidden) wake();
  };
  document.addEventListener('visibilitychange', show, { signal });
  // A frozen page that resumes, a page restored from the back-forward cache, a network that is back.
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

/** Waking a machine fires no event, but timers are late. Timers of hidden pages always are, and showing the page wakes it anyway. */
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
 * Calls `task` every `periodMs`, also while the page is hidden: a hidden page's timers may fire only once a minute (Chromium's
 * intensive throttling), and a stay would run out. The returned function ends it.
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

/** Null without workers, as in a test without a browser. */
function startWorker(): Worker | null {
  if (typeof Worker === 'undefined') return null;
  try {
    return new Worker(new URL('./steadyInterval.worker.ts', import.meta.url), { type: 'module' });
  } catch {
    return null;
  }
}
