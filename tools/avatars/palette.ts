import { PALETTE_SLOTS, type Palette, type PaletteSlot, rgbOf } from '@/lib/core/avatarPalette';

export { PALETTE_SLOTS, type Palette, type PaletteSlot };

/** Texture coordinate u of the middle of a slot's texel. */
export function slotU(slot: PaletteSlot): number {
  return (PALETTE_SLOTS.indexOf(slot) + 0.5) / PALETTE_SLOTS.length;
}

/** Red, green and blue of a slot, 0..255, sRGB. */
export function slotRgb(palette: Palette, slot: PaletteSlot): [number, number, number] {
  return rgbOf(palette[slot]);
}
