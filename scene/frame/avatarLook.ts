import { paletteTexels } from '@/lib/core/avatarPalette';
import { type DefaultAvatarRef, nearestAvatarRef } from '@/lib/core/avatarRef';
import { type AvatarLook as Choice, DEFAULT_LOOKS, paletteOf } from '@/lib/core/avatarSwatches';

/** What somebody wears: a model, shared by all who wear it, and colours of their own. */
export interface AvatarLook {
  /** Names the model for the avatar cache: an avatar's reference without colours. */
  readonly model: string;
  /** For `Crowd.setPalette`; null as the model comes. */
  readonly palette: Uint8Array | null;
}

function paletteIn({ key, colours }: DefaultAvatarRef): Uint8Array | null {
  if (Object.keys(colours).length === 0) return null;
  const look: Choice = { ...DEFAULT_LOOKS[key], ...colours };
  return paletteTexels(paletteOf(key, look));
}

/** Reads a reference (see `nearestAvatarRef`). What is none names a model as it stands. */
export function avatarLook(avatar: string): AvatarLook {
  const ref = nearestAvatarRef(avatar);
  if (ref?.kind !== 'default') return { model: avatar, palette: null };
  return { model: ref.key, palette: paletteIn(ref) };
}
