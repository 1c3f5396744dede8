import { describe, expect, it } from 'vitest';
import { PALETTE_SLOTS, paletteTexels, rgbOf } from '@/lib/core/avatarPalette';
import { type AvatarLook, CLOTHES, DEFAULT_LOOKS, HAIRS, paletteOf, SKINS } from '@/lib/core/avatarSwatches';
import { AVATAR_KEYS } from '@/lib/core/avatars';

/** Difference as eyes see it, roughly: weighted distance in sRGB (Riemersma's "redmean"), 0..765. */
function difference(a: string, b: string): number {
  const [r1, g1, b1] = rgbOf(a);
  const [r2, g2, b2] = rgbOf(b);
  const red = (r1 + r2) / 2;
  return Math.sqrt((2 + red / 256) * (r1 - r2) ** 2 + 4 * (g1 - g2) ** 2 + (2 + (255 - red) / 256) * (b1 - b2) ** 2);
}

describe.each(AVATAR_KEYS)('swatches of %s', (key) => {
  it('an avatar offers at least four sets of clothes, its default first', () => {
    expect(Object.keys(CLOTHES[key]).length).toBeGreaterThanOrEqual(4);
    expect(Object.keys(CLOTHES[key])[0]).toBe(DEFAULT_LOOKS[key].clothes);
  });

  it('an avatar’s palette gives every slot a colour, whatever is chosen', () => {
    for (const clothes of Object.keys(CLOTHES[key]) as AvatarLook['clothes'][]) {
      const palette = paletteOf(key, { skin: 'ebony', hair: 'white', clothes });
      for (const slot of PALETTE_SLOTS) expect(palette[slot]).toMatch(/^#[0-9a-f]{6}$/);
      expect(palette.skin).toBe(SKINS.ebony.skin);
      expect(palette.hair).toBe(HAIRS.white.hair);
    }
  });

  it('an avatar keeps its default clothes if those of another are chosen', () => {
    const other = key === 'ada' ? 'denim' : 'navy';
    expect(paletteOf(key, { ...DEFAULT_LOOKS[key], clothes: other })).toEqual(paletteOf(key));
  });

  it('an avatar’s iris stands out from the pupil', () => {
    const { iris, pupil } = paletteOf(key);
    expect(difference(iris, pupil)).toBeGreaterThan(110);
  });
});

describe('skins', () => {
  it.each(Object.entries(SKINS))('lips stand out on the skin %s', (_, { skin, lip }) => {
    expect(difference(skin, lip)).toBeGreaterThan(80);
  });
});

describe('paletteTexels', () => {
  it('paletteTexels gives one opaque texel for each slot, in order', () => {
    const palette = paletteOf('ada');
    const texels = paletteTexels(palette);
    expect(texels).toHaveLength(PALETTE_SLOTS.length * 4);
    PALETTE_SLOTS.forEach((slot, i) => {
      expect([...texels.subarray(i * 4, i * 4 + 4)]).toEqual([...rgbOf(palette[slot]), 255]);
    });
  });
});
