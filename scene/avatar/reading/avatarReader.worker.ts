import { readAvatar, transferablesOf } from './readAvatar';

/** Reads avatars off the main thread. A message is a file's bytes, the answer its outcome. Posts `ready` at the start. */
self.onmessage = async ({ data }: MessageEvent<Uint8Array>) => {
  const outcome = await readAvatar(data);
  const transfer = outcome.kind === 'read' ? transferablesOf(outcome.avatar) : [];
  self.postMessage(outcome, { transfer });
};

self.postMessage('ready');
