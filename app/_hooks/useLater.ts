'use client';

import { useEffect, useState } from 'react';

/**
 * A part of the page that is loaded once the page runs; null until then. `load` must stay the same function. If loading
 * fails, so does the page, and its error screen offers to reload.
 */
export function useLater<Part>(load: () => Promise<Part>): Part | null {
  const [fetched, setFetched] = useState<{ part: Part } | { error: unknown } | null>(null);
  useEffect(() => {
    let current = true;
    load().then(
      (part) => current && setFetched({ part }),
      (error: unknown) => current && setFetched({ error }),
    );
    return () => {
      current = false;
    };
  }, [load]);
  if (fetched && 'error' in fetched) throw fetched.error;
  return fetched ? fetched.part : null;
}
