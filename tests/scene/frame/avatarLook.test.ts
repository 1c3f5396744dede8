import { describe, expect, it } from 'vitest';
import { PALETTE_SLOTS, rgbOf } from '@/lib/core/avatarPalette';
import { HAIRS, SKINS } from '@/lib/core/avatarSwatches';
import { avatarLook } from '@/scene/frame/cast';

const texel = (palette: Uint8Array, slot: (typeof PALETTE_SLOTS)[number]) => {
  const at = PALETTE_SLOTS.indexOf(slot) * 4;
  return [...palette.subarray(at, at + 4)];
};

describe('avatarLook', () => {
  it('of a default avatar as it comes needs no palette', () => {
    expect(avatarLook('ada')).toEqual({ model: 'ada', palette: null });
  });

  it('colours what was chosen, and leaves the rest as the avatar comes', () => {
    const { model, palette } = avatarLook('ada:skin=cocoa');
    expect(model).toBe('ada');
    expect(texel(palette!, 'skin')).toEqual([...rgbOf(SKINS.cocoa.skin), 255]);
    expect(texel(palette!, 'hair')).toEqual([...rgbOf(HAIRS.copper.hair), 255]);
  });

  it('leaves out colours there are no more', () => {
    expect(avatarLook('farah:clothes=tartan')).toEqual({ model: 'farah', palette: null });
    expect(avatarLook('ada:skin=cocoa,hair=green')).toEqual(avatarLook('ada:skin=cocoa'));
  });

  it('names the same model for every colour, so that it is loaded once', () => {
    expect(avatarLook('bo:hair=white').model).toBe(avatarLook('bo:clothes=ink').model);
  });

  it('of somebody’s own file, and of what means nothing, is the text itself', () => {
    const own = `own:${'a1'.repeat(32)}`;
    expect(avatarLook(own)).toEqual({ model: own, palette: null });
    expect(avatarLook('nobody:skin=cocoa')).toEqual({ model: 'nobody:skin=cocoa', palette: null });
  });
});
