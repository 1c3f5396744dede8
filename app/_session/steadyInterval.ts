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
