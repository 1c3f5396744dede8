import { describe, expect, it } from 'vitest';
import { DEFAULT_LOOKS } from '@/lib/core/avatarSwatches';
import { AVATAR_KEYS } from '@/lib/core/avatars';
import { AVATAR_SPECS } from '@/tools/avatars/avatarSpecs';

const PEOPLE = AVATAR_KEYS.map((key) => AVATAR_SPECS[key]);

function different(values: readonly unknown[]): number {
  return new Set(values).size;
}

describe('the default people', () => {
  it('there are at least eight default people, each with a short name', () => {
    expect(PEOPLE.length).toBeGreaterThanOrEqual(8);
    expect(different(PEOPLE.map(({ name }) => name))).toBe(PEOPLE.length);
    for (const { key, name } of PEOPLE) {
      expect(name.toLowerCase()).toBe(key);
      expect(name.length).toBeLessThanOrEqual(5);
    }
  });

  it('the default people differ in skin, hair, clothes and build', () => {
    const looks = AVATAR_KEYS.map((key) => DEFAULT_LOOKS[key]);
    expect(different(looks.map(({ skin }) => skin))).toBeGreaterThanOrEqual(7);
    expect(different(PEOPLE.map(({ hair }) => hair))).toBe(PEOPLE.length);
    expect(different(PEOPLE.map(({ outfit }) => outfit))).toBeGreaterThanOrEqual(7);
    expect(different(PEOPLE.map(({ build }) => build.stature))).toBeGreaterThanOrEqual(6);
    const waists = PEOPLE.map(({ build }) => build.waist);
    expect(Math.max(...waists) / Math.min(...waists)).toBeGreaterThan(1.3);
  });

  it('one of the default people has a hijab, one glasses, one a beard, and one is older', () => {
    expect(PEOPLE.some(({ hair }) => hair === 'hijab')).toBe(true);
    expect(PEOPLE.some(({ glasses }) => glasses)).toBe(true);
    expect(PEOPLE.some(({ face }) => face.age > 0.5)).toBe(true);
    expect(PEOPLE.some(({ beard }) => beard !== undefined)).toBe(true);
  });
});
