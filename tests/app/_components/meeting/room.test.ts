import { describe, expect, it } from 'vitest';
import { commandOf, SHORTCUTS } from '@/app/_components/meeting/keys';
import { MOODS, nextOf, startingView, VIEWS } from '@/app/_components/meeting/meetingUi';
import { formatElapsed, qualitySentence, shownQuality } from '@/app/_components/meeting/news/Status';
import { peopleChanges } from '@/app/_components/meeting/news/useNews';
import { TIERS, tierForSeated } from '@/lib/quality/tiers';

const person = (id: string) => ({ id, name: id.toUpperCase(), avatar: 'ada', seat: 0 });
const PLAIN = { ctrlKey: false, altKey: false, metaKey: false };

describe('formatElapsed', () => {
  it.each([
    [0, '0:00'],
    [7.9, '0:07'],
    [754, '12:34'],
    [3723, '1:02:03'],
    [-5, '0:00'],
  ])('%s s: %s', (seconds, text) => expect(formatElapsed(seconds)).toBe(text));
});

describe('peopleChanges', () => {
  it('names who came and who went, but not oneself', () => {
    const { joined, left } = peopleChanges([person('a'), person('me')], [person('b')], 'me');
    expect(joined.map(({ id }) => id)).toEqual(['b']);
    expect(left.map(({ id }) => id)).toEqual(['a']);
  });

  it('says nothing of a person who only changed', () => {
    const moved = { ...person('a'), seat: 5, name: 'Anna' };
    expect(peopleChanges([person('a')], [moved], null)).toEqual({ joined: [], left: [] });
  });
});

describe('the quality that is shown', () => {
  const meeting = (seated: number, tier = tierForSeated(seated)) => ({
    tier,
    people: Array.from({ length: seated }, (_, seat) => ({ ...person(`p${seat}`), seat })),
  });

  it('follows from the number of people for who only watches', () => {
    for (const seated of [1, 4, 5, 9, 10, 16]) {
      const shown = shownQuality(meeting(seated), null);
      expect(qualitySentence(shown)).toBe(`quality.${tierForSeated(seated).name}Why`);
    }
  });

  it('is the operator’s where it does not follow from that', () => {
    expect(qualitySentence(shownQuality(meeting(2, TIERS.low), null))).toBe('quality.operator');
  });

  it('is one’s own where one sends, whatever the meeting announces', () => {
    const own = { tier: TIERS.medium, framesPerPacket: 2, reason: 'uplink' } as const;
    expect(shownQuality(meeting(2), own)).toMatchObject({ tier: TIERS.medium });
    expect(qualitySentence(shownQuality(meeting(2), own))).toBe('quality.uplink');
  });
});

describe('the keys of the room', () => {
  it('are each used once', () => {
    expect(new Set(SHORTCUTS.map(({ key }) => key)).size).toBe(SHORTCUTS.length);
  });

  it('work in either case and leave the browser its own', () => {
    expect(commandOf({ key: 'P', ...PLAIN })).toBe('people');
    expect(commandOf({ key: 'p', ...PLAIN })).toBe('people');
    expect(commandOf({ key: 'p', ...PLAIN, ctrlKey: true })).toBeNull();
    expect(commandOf({ key: 'x', ...PLAIN })).toBeNull();
  });
});

describe('views and moods', () => {
  it('go round', () => {
    expect(nextOf(MOODS, 'dark')).toBe('day');
    expect(nextOf(VIEWS.participant, 'firstPerson')).toBe('orbit');
    expect(nextOf(VIEWS.spectator, 'free')).toBe('orbit');
  });

  it('begin with what was chosen last, else with everybody, or on an upright phone with whoever speaks', () => {
    expect(startingView(null, 1.6)).toBe('orbit');
    expect(startingView(null, 0.46)).toBe('speaker');
    expect(startingView('overTable', 0.46)).toBe('overTable');
  });

  it('give a watcher no seat to look from', () => {
    expect(VIEWS.spectator).not.toContain('firstPerson');
  });
});
