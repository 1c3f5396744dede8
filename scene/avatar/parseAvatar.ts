import { AvatarLoadError } from './avatarLoadError';
import type { AvatarModel } from './avatarModel';
import { modelFromData } from './modelFromData';
import { AvatarReader } from './reading/avatarReader';
import type { DrawPicture } from './reading/drawPicture';
import type { ReadOutcome } from './reading/readAvatar';

/** How a model is read. */
export interface ParseAvatarOptions {
  /** Decodes the picture; with `createImageBitmap` by default. */
  readonly draw?: DrawPicture;
}

const reader = new AvatarReader();

function modelOf(outcome: ReadOutcome): AvatarModel {
  if (outcome.kind === 'refused') throw AvatarLoadError.file(outcome);
  return modelFromData(outcome.avatar);
}

/** Reads an avatar's file on this thread. Throws {@link AvatarLoadError} `format` or `skeleton`. */
export async function parseAvatar(bytes: ArrayBuffer, options: ParseAvatarOptions = {}): Promise<AvatarModel> {
  const { readAvatar } = await import('./reading/readAvatar');
  return modelOf(await readAvatar(new Uint8Array(bytes), options.draw));
}

/** Downloads the avatar at `url` and reads it in a worker. Throws {@link AvatarLoadError}. */
export async function loadAvatar(url: string): Promise<AvatarModel> {
  return modelOf(await reader.read(new Uint8Array(await download(url))));
}

async function download(url: string): Promise<ArrayBuffer> {
  try {
    const response = await fetch(url);
    if (response.ok) return await response.arrayBuffer();
  } catch (error) {
    throw AvatarLoadError.network(url, error);
  }
  throw AvatarLoadError.network(url);
}
