import type { Translator } from '@/app/_i18n/translator';
import type { ClothesName, HairName, SkinName } from '@/lib/core/avatarSwatches';
import type { ColourSlot } from './avatarChoice';

/** What a swatch is called. */
export function swatchLabel({ t }: Translator, slot: ColourSlot, name: string): string {
  if (slot === 'skin') return t(`skin.${name as SkinName}`);
  if (slot === 'hair') return t(`hair.${name as HairName}`);
  return t(`clothes.${name as ClothesName}`);
}
