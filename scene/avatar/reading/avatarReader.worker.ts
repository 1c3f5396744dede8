import { readAvatar, transferablesOf } from './readAvatar';

/**
 * Reads avatars off the main thread. A message is `{ id, bytes }`, the answer `{ id, outcome }`. Posts `ready` at the
 * start.
 */
self.onmessage = async ({ data }: MessageEvent<{ readonly id: number; readonly bytes: Uint8Array }>) => {
  const outcome = await readAvatar(data.bytes);
  const transfer = outcome.kind === 'read' ? transferablesOf(outcome.avatar) : [];
  self.postMessage({ id: data.id, outcome }, { transfer });
};

self.postMessage('ready');
