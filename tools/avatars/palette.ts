/** The colours of an avatar, in the order of the palette texture's texels. */
export const PALETTE_SLOTS = [
  'skin',
  'hair',
  'top',
  'trim',
  'trousers',
  'shoe',
  'sole',
  'sclera',
  'iris',
  'pupil',
  'mouth',
  'tongue',
  'white',
  'lip',
  'brow',
  'accent',
] as const;

export type PaletteSlot = (typeof PALETTE_SLOTS)[number];

/** A colour (`#rrggbb`, sRGB) for every slot. */
export type Palette = Readonly<Record<PaletteSlot, string>>;

/** Texture coordinate u of the middle of a slot's texel. */
export function slotU(slot: PaletteSlot): number {
  return (PALETTE_SLOTS.indexOf(slot) + 0.5) / PALETTE_SLOTS.length;
}

/** Red, green and blue of a slot, 0..255, sRGB. */
export function slotRgb(palette: Palette, slot: PaletteSlot): [number, number, number] {
  const value = Number.parseInt(palette[slot].slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
