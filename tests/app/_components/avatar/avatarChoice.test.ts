import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COLOUR_SLOTS, lookOf, recoloured, surpriseAvatar, swatchesOf } from '@/app/_components/avatar/avatarChoice';
import { type DefaultAvatarRef, formatAvatarRef, parseAvatarRef } from '@/lib/core/avatarRef';
import { DEFAULT_LOOKS } from '@/lib/core/avatarSwatches';
import { AVATAR_KEYS } from '@/lib/core/avatars';

const refOf = (text: string) => parseAvatarRef(text) as DefaultAvatarRef;

describe('recoloured', () => {
  it('recolouring changes one colour and keeps the others', () => {
    expect(formatAvatarRef(recoloured(refOf('ada:hair=black'), 'skin', 'cocoa'))).toBe('ada:skin=cocoa,hair=black');
    expect(formatAvatarRef(recoloured(refOf('ada:skin=cocoa,hair=black'), 'hair', 'white'))).toBe(
      'ada:skin=cocoa,hair=white',
    );
  });

  it('an avatar’s own colours are left out of its reference', () => {
    expect(formatAvatarRef(recoloured(refOf('ada:skin=cocoa'), 'skin', DEFAULT_LOOKS.ada.skin))).toBe('ada');
  });

  it('every swatch on offer makes a reference that can be read', () => {
    for (const key of AVATAR_KEYS) {
      for (const slot of COLOUR_SLOTS) {
        for (const name of Object.keys(swatchesOf(key)[slot])) {
          const ref = recoloured(refOf(key), slot, name);
          expect(parseAvatarRef(formatAvatarRef(ref))).toEqual(ref);
          expect(lookOf(ref)[slot]).toBe(name);
        }
      }
    }
  });
});

describe('surpriseAvatar', () => {
  it('a surprise is another avatar, in colours that exist', () => {
    const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.constantFrom(...AVATAR_KEYS), fc.infiniteStream(share), (before, numbers) => {
        const ref = surpriseAvatar(before, () => numbers.next().value);
        expect(ref.key).not.toBe(before);
        expect(parseAvatarRef(formatAvatarRef(ref))).toEqual(ref);
      }),
    );
  });

  it('a surprise can be any avatar', () => {
    const met = new Set(AVATAR_KEYS.map((_, i) => surpriseAvatar(null, () => i / AVATAR_KEYS.length).key));
    expect(met.size).toBe(AVATAR_KEYS.length);
  });
});
