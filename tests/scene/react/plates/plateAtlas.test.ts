import { describe, expect, it } from 'vitest';
import { shorten } from '@/scene/react/plates/plateAtlas';

const measure = (text: string) => Array.from(text).length;

describe('shorten', () => {
  it('shortening leaves a name that fits as it is', () => {
    expect(shorten('Marta', 5, measure)).toBe('Marta');
  });

  it('shortening cuts a long name to the width with an ellipsis', () => {
    expect(shorten('Marta Sørensen', 8, measure)).toBe('Marta S…');
    expect(shorten('Marta Sørensen', 7, measure)).toBe('Marta…');
  });

  it('shortening never splits a character of two code units', () => {
    expect(shorten('😀😀😀😀', 3, measure)).toBe('😀😀…');
  });
});
