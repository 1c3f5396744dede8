import { checkAvatarFile } from './checkAvatarFile';

/** Checks one file, off the main thread. The message is its bytes, the answer an `AvatarCheck`. */
self.onmessage = async ({ data }: MessageEvent<Uint8Array>) => self.postMessage(await checkAvatarFile(data));
