import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { MEETING_ID_PATTERN, meetingPath, parseMeetingReference } from '@/lib/core/meetingId';

describe('a reference to a meeting', () => {
  it.each([
    ['team-7', 'team-7'],
    ['  Team-7\n', 'team-7'],
    ['https://example.org/m/team-7', 'team-7'],
    ['https://example.org/m/team-7/', 'team-7'],
    ['https://example.org/m/team-7/watch', 'team-7'],
    ['https://example.org/m/team-7/live', 'team-7'],
    ['HTTPS://EXAMPLE.ORG/M/TEAM-7?name=Ann&autojoin=1#top', 'team-7'],
    ['example.org:3000/m/team-7', 'team-7'],
    ['/m/team-7', 'team-7'],
  ])('%j is the meeting %j', (text, id) => {
    expect(parseMeetingReference(text)).toBe(id);
  });

  it.each([
    '',
    'ab',
    'x'.repeat(65),
    'team_7',
    'https://example.org/',
    'https://example.org/m/',
    'https://example.org/m/a',
    'https://example.org/m/team-7/elsewhere',
    'https://example.org/?q=/m/team-7',
  ])('%j is no meeting', (text) => {
    expect(parseMeetingReference(text)).toBeNull();
  });

  it('every valid meeting id is found in its link, and nothing invalid in any text', () => {
    fc.assert(
      fc.property(fc.stringMatching(MEETING_ID_PATTERN), (id) => {
        expect(parseMeetingReference(id)).toBe(id);
        expect(parseMeetingReference(`https://example.org/m/${id}`)).toBe(id);
      }),
    );
    fc.assert(
      fc.property(fc.string(), (text) => {
        const id = parseMeetingReference(text);
        if (id !== null) expect(id).toMatch(MEETING_ID_PATTERN);
      }),
    );
  });
});

describe('meetingPath', () => {
  it('a reference to a meeting may be its path', () => {
    for (const role of ['participant', 'spectator'] as const) {
      expect(parseMeetingReference(`https://x${meetingPath('round-7', role)}`)).toBe('round-7');
    }
  });
});
