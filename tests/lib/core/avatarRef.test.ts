import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AvatarRef,
  cleanAvatarRef,
  formatAvatarRef,
  nearestAvatarRef,
  parseAvatarRef,
} from '@/lib/core/avatarRef';
import { CLOTHES, HAIRS, SKINS } from '@/lib/core/avatarSwatches';
import { AVATAR_KEYS } from '@/lib/core/avatars';

const SHA = 'a1'.repeat(32);

function nameOf(table: object): fc.Arbitrary<string> {
  return fc.constantFrom(...Object.keys(table));
}

const anyDefault = fc
  .constantFrom(...AVATAR_KEYS)
  .chain((key) =>
    fc
      .record({ skin: nameOf(SKINS), hair: nameOf(HAIRS), clothes: nameOf(CLOTHES[key]) }, { requiredKeys: [] })
      .map((colours) => ({ kind: 'default', key, colours }) as AvatarRef),
  );

describe('a reference to an avatar', () => {
  it('a key alone names a default avatar in its own colours', () => {
    expect(parseAvatarRef('cleo')).toEqual({ kind: 'default', key: 'cleo', colours: {} });
  });

  it('colours follow the key of a default avatar, in any order', () => {
    const ref = { kind: 'default', key: 'ada', colours: { skin: 'cocoa', clothes: 'moss' } };
    expect(parseAvatarRef('ada:clothes=moss,skin=cocoa')).toEqual(ref);
  });

  it('an old link or memory is read without colours that no longer exist', () => {
    const farah = (colours: object) => ({ kind: 'default', key: 'farah', colours });
    expect(nearestAvatarRef('farah:clothes=tartan')).toEqual(farah({}));
    expect(nearestAvatarRef('farah:skin=cocoa,clothes=tartan,hair')).toEqual(farah({ skin: 'cocoa' }));
    expect(nearestAvatarRef(`own:${SHA}`)).toEqual({ kind: 'custom', sha256: SHA });
    for (const text of ['', 'nobody', 'nobody:skin=cocoa', 'own:123']) expect(nearestAvatarRef(text)).toBeNull();
  });

  it('a valid reference is read the same leniently and strictly', () => {
    fc.assert(
      fc.property(anyDefault, (ref) => {
        expect(nearestAvatarRef(formatAvatarRef(ref))).toEqual(ref);
      }),
    );
  });

  it('a custom avatar is named by its file’s hash', () => {
    expect(parseAvatarRef(`own:${SHA}`)).toEqual({ kind: 'custom', sha256: SHA });
  });

  it('a reference survives being written and read', () => {
    fc.assert(
      fc.property(anyDefault, (ref) => {
        expect(parseAvatarRef(formatAvatarRef(ref))).toEqual(ref);
      }),
    );
    expect(formatAvatarRef({ kind: 'custom', sha256: SHA })).toBe(`own:${SHA}`);
  });

  it.each([
    '',
    'nobody',
    'ada:',
    'ada:skin',
    'ada:skin=',
    'ada:skin=green',
    'ada:skin=cocoa,skin=cocoa',
    'ada:skin=cocoa=honey',
    'ada:clothes=denim',
    'ada:constructor=name',
    'ada:skin=constructor',
    'own:123',
    `own:${SHA.toUpperCase()}`,
    `own:${SHA}0`,
    'constructor',
  ])('%j is no reference to an avatar', (text) => {
    expect(parseAvatarRef(text)).toBeNull();
  });

  it('a reference is written in one way only', () => {
    expect(cleanAvatarRef('ada:hair=black,skin=cocoa')).toBe('ada:skin=cocoa,hair=black');
    expect(cleanAvatarRef('ada:skin=green')).toBeNull();
  });

  it('any other text is no reference to an avatar, and never throws', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const ref = parseAvatarRef(text);
        if (ref) expect(parseAvatarRef(formatAvatarRef(ref))).toEqual(ref);
      }),
    );
  });
});
