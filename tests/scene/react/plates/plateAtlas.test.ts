import { describe, expect, it } from 'vitest';
import { shorten } from '@/scene/react/plates/plateAtlas';

const measure = (text: string) => Array.from(text).length;

describe('shorten', () => {
  it('leaves what fits', () => {
    expect(shorten('Marta', 5, measure)).toBe('Marta');
  });

  it('ends with an ellipsis within the width', () => {
    expect(shorten('Marta Sørensen', 8, measure)).toBe('Marta S…');
    expect(shorten('Marta Sørensen', 7, measure)).toBe('Marta…');
  });

  it('never splits a character of two code units', () => {
    expect(shorten('😀😀😀😀', 3, measure)).toBe('😀😀…');
  });
});
