import type { AvatarCheck } from './checkAvatarFile';

/** Checks a file in a worker of its own, which may die of a hostile one. Never rejects; ends early by `signal`. */
export function checkInWorker(bytes: Uint8Array, signal: AbortSignal): Promise<AvatarCheck> {
  const worker = new Worker(new URL('./checkAvatarFile.worker.ts', import.meta.url), { type: 'module' });
  signal.addEventListener('abort', () => worker.terminate());
  return new Promise<AvatarCheck>((resolve) => {
    worker.onmessage = ({ data }: MessageEvent<AvatarCheck>) => resolve(data);
    worker.onerror = () => resolve({ kind: 'broken', reason: 'container', detail: '' });
    worker.postMessage(bytes);
  }).finally(() => worker.terminate());
}
