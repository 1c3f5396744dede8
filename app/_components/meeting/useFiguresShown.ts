'use client';

import { useState } from 'react';

/** Whether the figures of the scene are shown: at first where the address has `?debug`. */
export function useFiguresShown(): { readonly shown: boolean; toggle(): void } {
  const [shown, setShown] = useState(() => new URLSearchParams(globalThis.location?.search).has('debug'));
  return { shown, toggle: () => setShown((before) => !before) };
}
