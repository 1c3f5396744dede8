import { PALETTE_SLOTS, type Palette, paletteTexels } from '@/lib/core/avatarPalette';
import { encodePng } from './png';

/** The palette as a texture of one texel a slot: swapping it recolours the avatar. */
export function palettePng(palette: Palette): Buffer {
  return encodePng(PALETTE_SLOTS.length, 1, paletteTexels(palette));
}
