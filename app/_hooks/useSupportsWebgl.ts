'use client';

import { useSyncExternalStore } from 'react';

let supported: boolean | null = null;

function probe(): boolean {
  try {
    const context = document.createElement('canvas').getContext('webgl2');
    // Browsers keep only a few contexts; this one is given back at once.
    context?.getExtension('WEBGL_lose_context')?.loseContext();
    return context !== null;
  } catch {
    return false;
  }
}

const never = () => () => {};

/** Whether this browser gives a WebGL2 context. Asked once; true while the server renders, so that nothing flashes. */
export function useSupportsWebgl(): boolean {
  return useSyncExternalStore(
    never,
    () => {
      supported ??= probe();
      return supported;
    },
    () => true,
  );
}
