import { PALETTE_SLOTS, type Palette, slotRgb } from '../palette';
import { encodePng } from './png';

/** The palette as a texture of one texel a slot: swapping it recolours the avatar. */
export function palettePng(palette: Palette): Buffer {
  const rgba = Uint8Array.from(PALETTE_SLOTS.flatMap((slot) => [...slotRgb(palette, slot), 255]));
  return encodePng(PALETTE_SLOTS.length, 1, rgba);
}
