import { describe, expect, it } from 'vitest';
import { PALETTE_SLOTS, rgbOf } from '@/lib/core/avatarPalette';
import { HAIRS, SKINS } from '@/lib/core/avatarSwatches';
import { avatarLook } from '@/scene/frame/cast';

const texel = (palette: Uint8Array, slot: (typeof PALETTE_SLOTS)[number]) => {
  const at = PALETTE_SLOTS.indexOf(slot) * 4;
  return [...palette.subarray(at, at + 4)];
};

describe('avatarLook', () => {
  it('the look of an unchanged default avatar has no palette', () => {
    expect(avatarLook('ada')).toEqual({ model: 'ada', palette: null });
  });

  it('a look colours what was chosen and keeps the avatar’s other colours', () => {
    const { model, palette } = avatarLook('ada:skin=cocoa');
    expect(model).toBe('ada');
    expect(texel(palette!, 'skin')).toEqual([...rgbOf(SKINS.cocoa.skin), 255]);
    expect(texel(palette!, 'hair')).toEqual([...rgbOf(HAIRS.copper.hair), 255]);
  });

  it('a look ignores colours that no longer exist', () => {
    expect(avatarLook('farah:clothes=tartan')).toEqual({ model: 'farah', palette: null });
    expect(avatarLook('ada:skin=cocoa,hair=green')).toEqual(avatarLook('ada:skin=cocoa'));
  });

  it('looks of one avatar name the same model for every colour', () => {
    expect(avatarLook('bo:hair=white').model).toBe(avatarLook('bo:clothes=ink').model);
  });

  it('the look of a custom avatar, or of any other text, is the text itself', () => {
    const own = `own:${'a1'.repeat(32)}`;
    expect(avatarLook(own)).toEqual({ model: own, palette: null });
    expect(avatarLook('nobody:skin=cocoa')).toEqual({ model: 'nobody:skin=cocoa', palette: null });
  });
});
