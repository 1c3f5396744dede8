'use client';

import { useSyncExternalStore } from 'react';
import { webGl2Support } from '@/scene/react/webgl2';

const never = () => () => {};

/** Whether this browser supports WebGL2; true on the server, so that nothing flashes. */
export function useSupportsWebgl(): boolean {
  return useSyncExternalStore(
    never,
    () => webGl2Support() !== null,
    () => true,
  );
}

/** Whether this machine draws with a GPU; without one, decoration is not drawn live. False on the server. */
export function useHasGpu(): boolean {
  return useSyncExternalStore(
    never,
    () => webGl2Support()?.isSoftware === false,
    () => false,
  );
}
