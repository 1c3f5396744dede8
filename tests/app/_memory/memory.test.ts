import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLobbyMemory } from '@/app/_memory/lobbyMemory';
import { parseTheme, THEMES } from '@/app/_memory/preferences';
import { parseRecentMeetings, RECENT_MAX, withVisit } from '@/app/_memory/recentMeetings';
import { parseWardrobe } from '@/app/_memory/wardrobeMemory';
import { avatarKeyOf } from '@/lib/core/avatars';

const visit = (id: string, visitedMs = 1) => ({ id, title: '', visitedMs });

describe('parseLobbyMemory', () => {
  it('the lobby’s memory comes back as it was stored, the name cleaned', () => {
    expect(parseLobbyMemory({ name: ' Lin\u202e ', avatar: 'cleo' })).toEqual({ name: 'Lin', avatar: 'cleo' });
  });

  it('the lobby’s memory knows a coloured avatar, and replaces one that no longer exists', () => {
    const avatar = 'cleo:skin=rose,clothes=teal';
    expect(parseLobbyMemory({ name: '', avatar })).toEqual({ name: '', avatar });
    expect(parseLobbyMemory({ name: '', avatar: 'nobody:skin=rose' }).avatar).toBe('ada');
  });

  it('the lobby’s memory is usable whatever the storage holds', () => {
    fc.assert(
      fc.property(fc.anything(), (stored) => {
        const { name, avatar } = parseLobbyMemory(stored);
        return typeof name === 'string' && avatarKeyOf(avatar) !== null;
      }),
    );
  });
});

describe('parseWardrobe', () => {
  it('the colours of each avatar come back, without those of another avatar or none', () => {
    const ada = 'ada:skin=cocoa';
    expect(parseWardrobe({ ada, bo: ada, cleo: 'cleo:<b>', dayo: 7, nobody: 'ada' })).toEqual({ ada });
  });

  it('the colours of each avatar are usable whatever the storage holds', () => {
    fc.assert(
      fc.property(fc.anything(), (stored) => {
        expect(() => parseWardrobe(stored)).not.toThrow();
      }),
    );
  });
});

describe('recent meetings', () => {
  it('recent meetings come back without what is none', () => {
    const kept = visit('round-table');
    expect(parseRecentMeetings([kept, { id: '../evil', title: '', visitedMs: 1 }, null, { id: 'abc' }])).toEqual([
      kept,
    ]);
  });

  it('recent meetings are usable whatever the storage holds', () => {
    fc.assert(fc.property(fc.anything(), (stored) => parseRecentMeetings(stored).length <= RECENT_MAX));
  });

  it('a visit comes first in the recent meetings, each once, and the oldest is forgotten', () => {
    const ids = ['aaa', 'bbb', 'ccc', 'ddd', 'eee', 'fff', 'bbb'];
    const list = ids.reduce((kept, id, at) => withVisit(kept, visit(id, at)), parseRecentMeetings(null));
    expect(list.map(({ id }) => id)).toEqual(['bbb', 'fff', 'eee', 'ddd', 'ccc', 'aaa']);
    expect(withVisit(list, visit('ggg')).map(({ id }) => id)).toEqual(['ggg', 'bbb', 'fff', 'eee', 'ddd', 'ccc']);
  });
});

describe('parseTheme', () => {
  it('an unknown theme is the system’s', () => {
    for (const theme of THEMES) expect(parseTheme(theme)).toBe(theme);
    expect(parseTheme('<script>')).toBe('system');
    expect(parseTheme(undefined)).toBe('system');
  });
});
