import type { AvatarColours, DefaultAvatarRef } from '@/lib/core/avatarRef';
import { type AvatarLook, CLOTHES, DEFAULT_LOOKS, HAIRS, SKINS } from '@/lib/core/avatarSwatches';
import { AVATAR_KEYS, type AvatarKey } from '@/lib/core/avatars';

/** The parts of an avatar that can be coloured. */
export const COLOUR_SLOTS = ['skin', 'hair', 'clothes'] as const;
export type ColourSlot = (typeof COLOUR_SLOTS)[number];

/** The swatches of each slot that an avatar can wear, by name. */
export function swatchesOf(key: AvatarKey) {
  return { skin: SKINS, hair: HAIRS, clothes: CLOTHES[key] } as const;
}

/** The name of the swatch in each slot, chosen or the avatar's own. */
export function lookOf({ key, colours }: DefaultAvatarRef): AvatarLook {
  return { ...DEFAULT_LOOKS[key], ...colours };
}

/** The same avatar in a look. Its own colours are left out, so that the reference stays short. */
function dressed(key: AvatarKey, look: AvatarLook): DefaultAvatarRef {
  const chosen = COLOUR_SLOTS.filter((slot) => look[slot] !== DEFAULT_LOOKS[key][slot]);
  const colours: AvatarColours = Object.fromEntries(chosen.map((slot) => [slot, look[slot]]));
  return { kind: 'default', key, colours };
}

/** The same avatar with another colour in one slot; `name` is one of {@link swatchesOf}. */
export function recoloured(ref: DefaultAvatarRef, slot: ColourSlot, name: string): DefaultAvatarRef {
  return dressed(ref.key, { ...lookOf(ref), [slot]: name } as AvatarLook);
}

function pick<T>(from: readonly T[], random: () => number): T {
  return from[Math.min(from.length - 1, Math.floor(random() * from.length))]!;
}

/** An avatar other than `before`, in any colours. `random` gives numbers from 0 to below 1. */
export function surpriseAvatar(before: AvatarKey | null, random: () => number): DefaultAvatarRef {
  const key = pick(
    AVATAR_KEYS.filter((other) => other !== before),
    random,
  );
  const swatches = swatchesOf(key);
  const look = Object.fromEntries(COLOUR_SLOTS.map((slot) => [slot, pick(Object.keys(swatches[slot]), random)]));
  return dressed(key, look as unknown as AvatarLook);
}
