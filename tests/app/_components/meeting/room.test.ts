import { describe, expect, it } from 'vitest';
import { formatElapsed } from '@/app/_components/meeting/Elapsed';
import { peopleChanges } from '@/app/_components/meeting/peopleChanges';
import { qualityReason } from '@/app/_components/meeting/QualityDot';
import { commandOf, ROOM_SHORTCUTS } from '@/app/_components/meeting/roomShortcuts';
import { CAMERAS, MOODS, nextOf } from '@/app/_components/meeting/useRoomView';
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

describe('qualityReason', () => {
  it('is the number of people where the tier follows from it', () => {
    for (const seated of [1, 4, 5, 9, 10, 16]) {
      const tier = tierForSeated(seated);
      expect(qualityReason(tier, seated)).toBe(`quality.${tier.name}Why`);
    }
  });

  it('is the operator’s limit where it does not', () => {
    expect(qualityReason(TIERS.low, 2)).toBe('quality.lowered');
  });
});

describe('the keys of the room', () => {
  it('are each used once', () => {
    expect(new Set(ROOM_SHORTCUTS.map(({ key }) => key)).size).toBe(ROOM_SHORTCUTS.length);
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
    expect(nextOf(CAMERAS.participant, 'orbit')).toBe('firstPerson');
    expect(nextOf(CAMERAS.spectator, 'orbit')).toBe('free');
  });

  it('give a watcher no seat to look from', () => {
    expect(CAMERAS.spectator).not.toContain('firstPerson');
  });
});
