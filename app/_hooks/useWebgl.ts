'use client';

import { useSyncExternalStore } from 'react';
import { webGl2Support } from '@/scene/react/webgl2';

const never = () => () => {};

/** Whether this browser draws WebGL2; true while the server renders, so that nothing flashes. */
export function useSupportsWebgl(): boolean {
  return useSyncExternalStore(
    never,
    () => webGl2Support() !== null,
    () => true,
  );
}

/** Whether this machine draws with a graphics chip: what only adorns is not drawn live without. False on the server. */
export function useHasGpu(): boolean {
  return useSyncExternalStore(
    never,
    () => webGl2Support()?.isSoftware === false,
    () => false,
  );
}
