/**
 * The colours of a default avatar, in the order of its palette texture: one row of texels, one texel for each slot, sRGB.
 * Replacing that row recolours the avatar.
 */
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

/** Red, green and blue of a colour `#rrggbb`, 0..255, sRGB. */
export function rgbOf(colour: string): [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}

/** The palette as the texels of its texture: RGBA bytes, {@link PALETTE_SLOTS}.length x 1. */
export function paletteTexels(palette: Palette): Uint8Array {
  return Uint8Array.from(PALETTE_SLOTS.flatMap((slot) => [...rgbOf(palette[slot]), 255]));
}
