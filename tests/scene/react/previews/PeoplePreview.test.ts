import { describe, expect, it } from 'vitest';
import { roundWindows } from '@/scene/react/previews/PeoplePreview';

describe('roundWindows', () => {
  it('the clip path opens a round window over each frame', () => {
    expect(
      roundWindows([
        { leftPx: 10, topPx: 20, sizePx: 40 },
        { leftPx: 60, topPx: 20, sizePx: 40 },
      ]),
    ).toBe('path("M 10 40 a 20 20 0 1 0 40 0 a 20 20 0 1 0 -40 0 Z M 60 40 a 20 20 0 1 0 40 0 a 20 20 0 1 0 -40 0 Z")');
  });
});
