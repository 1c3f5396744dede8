'use client';

import { useEffect, useState } from 'react';

/** The newest value that differed from the one before for `holdMs` at least; null until there was one. Null says nothing. */
export function useSettledChange<Value>(value: Value | null, holdMs: number): Value | null {
  const [told, setTold] = useState({ value, hasChanged: false });
  useEffect(() => {
    if (value === null || value === told.value) return;
    const timer = setTimeout(() => setTold({ value, hasChanged: true }), holdMs);
    return () => clearTimeout(timer);
  }, [value, told.value, holdMs]);
  return told.hasChanged ? told.value : null;
}
