import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAvatarRef } from '@/lib/core/avatarRef';
import { AVATAR_KEYS, avatarKeyOf } from '@/lib/core/avatars';

describe('avatarKeyOf', () => {
  it('a reference names its avatar, whatever its colours', () => {
    for (const key of AVATAR_KEYS) {
      expect(avatarKeyOf(key)).toBe(key);
      expect(avatarKeyOf(`${key}:skin=cocoa,hair=black`)).toBe(key);
    }
    expect(avatarKeyOf(`own:${'a1'.repeat(32)}`)).toBe('custom');
  });

  it.each(['', 'nobody', 'constructor', 'ada:', 'ada:<b>', 'own:12', 'own'])('%j names no avatar', (text) => {
    expect(avatarKeyOf(text)).toBeNull();
  });

  it('every text that is a reference names an avatar', () => {
    fc.assert(fc.property(fc.string(), (text) => parseAvatarRef(text) === null || avatarKeyOf(text) !== null));
  });
});
