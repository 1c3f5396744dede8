'use client';

import { useEffect, useState } from 'react';

/** The time of day in epoch milliseconds, read again every `everyMs`; null until the page runs in a browser. */
export function useNowMs(everyMs: number): number | null {
  const [nowMs, setNowMs] = useState<number | null>(null);
  useEffect(() => {
    const read = () => setNowMs(Date.now());
    read();
    const timer = window.setInterval(read, everyMs);
    return () => window.clearInterval(timer);
  }, [everyMs]);
  return nowMs;
}
