import { describe, expect, it } from 'vitest';
import { beginsTalk, type Closest, endsTalk } from '@/app/_components/meeting/keys';

/** Something that lies in elements of these names, the innermost first. */
function inside(...names: string[]): EventTarget {
  const target: Closest = {
    closest: (selectors) => names.find((name) => selectors.split(', ').includes(name)) ?? null,
  };
  return target as unknown as EventTarget;
}

const press = (part: Partial<Parameters<typeof beginsTalk>[0]> = {}) => ({
  code: 'Space',
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  target: inside('main', 'body'),
  ...part,
});

describe('push-to-talk', () => {
  it('begins with Space in the room', () => {
    expect(beginsTalk(press())).toBe(true);
    expect(beginsTalk(press({ target: null }))).toBe(true);
  });

  it.each(['input', 'textarea', 'select', 'button', 'a', 'dialog', '[contenteditable]'])(
    'leaves Space to %s',
    (name) => {
      expect(beginsTalk(press({ target: inside('span', name) }))).toBe(false);
    },
  );

  it('leaves other keys, and keys with the browser’s, alone', () => {
    expect(beginsTalk(press({ code: 'KeyM' }))).toBe(false);
    for (const modifier of ['ctrlKey', 'altKey', 'metaKey'] as const) {
      expect(beginsTalk(press({ [modifier]: true }))).toBe(false);
    }
  });

  it('ends with Space wherever the focus has gone', () => {
    expect(endsTalk({ code: 'Space' })).toBe(true);
    expect(endsTalk({ code: 'Enter' })).toBe(false);
  });
});
