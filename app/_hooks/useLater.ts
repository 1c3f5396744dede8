'use client';

import { useEffect, useState } from 'react';

/**
 * A part of the page that is fetched once the page runs; null until it is there. `load` must stay the same function. A
 * part that can't be fetched fails the page, whose error screen loads it again.
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
