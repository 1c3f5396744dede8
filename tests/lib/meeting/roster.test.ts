import { describe, expect, it } from 'vitest';
import type { MeetingEvent, MeetingView, SeatedPerson } from '@/lib/core/meeting';
import { reduceMeeting } from '@/lib/meeting/roster';
import { TIERS } from '@/lib/quality/tiers';

const person = (id: string, seat: number): SeatedPerson => ({
  id,
  name: id.toUpperCase(),
  avatar: 'ada',
  seat,
  endpoint: null,
});

const empty: MeetingView = {
  id: 'room',
  title: 'Room',
  maxParticipants: 16,
  createdAt: '2026-01-01T00:00:00.000Z',
  endedAt: null,
  people: [],
  spectators: 0,
  tier: TIERS.high,
  recording: null,
};

const after = (...events: MeetingEvent[]) => events.reduce<MeetingView | null>(reduceMeeting, empty)!;

const joined = (id: string, seat: number): MeetingEvent => ({ type: 'joined', person: person(id, seat) });
const left = (personId: string, seat: number): MeetingEvent => ({ type: 'left', personId, seat, reason: 'left' });

describe('the roster', () => {
  it('the roster begins with a snapshot and knows nothing before', () => {
    expect(reduceMeeting(null, joined('ann', 0))).toBeNull();
    expect(reduceMeeting(null, { type: 'snapshot', meeting: empty })).toBe(empty);
  });

  it('the roster lists people in the order of their seats', () => {
    expect(after(joined('bob', 3), joined('ann', 1)).people).toEqual([person('ann', 1), person('bob', 3)]);
  });

  it('a person who joins again moves and is not listed twice', () => {
    expect(after(joined('ann', 1), joined('ann', 4)).people).toEqual([person('ann', 4)]);
  });

  it("a change of name or avatar replaces the person's entry", () => {
    const changed = { ...person('ann', 1), name: 'Ann L.', avatar: 'bo' };
    expect(after(joined('ann', 1), joined('bob', 2), { type: 'changed', person: changed }).people).toEqual([
      changed,
      person('bob', 2),
    ]);
  });

  it('of two people on one seat the newer one sits', () => {
    expect(after(joined('ann', 1), joined('bob', 1)).people).toEqual([person('bob', 1)]);
  });

  it('people leave a seat only once', () => {
    expect(after(joined('ann', 1), left('ann', 1)).people).toEqual([]);
    expect(after(joined('ann', 1), joined('ann', 2), left('ann', 1)).people).toEqual([person('ann', 2)]);
    expect(after(joined('ann', 1), left('bob', 1)).people).toEqual([person('ann', 1)]);
  });

  it('the roster follows spectators, tier and end', () => {
    const view = after(
      { type: 'spectators', count: 7 },
      { type: 'viewers', count: 120 },
      { type: 'tier', tier: TIERS.low, seated: 12 },
      { type: 'restarting', by: '2026-01-01T02:00:00.000Z' },
      { type: 'ended', endedAt: '2026-01-01T01:00:00.000Z' },
    );
    expect(view.restartsBy).toBe('2026-01-01T02:00:00.000Z');
    expect(view).toMatchObject({ spectators: 7, viewers: 120, tier: TIERS.low, endedAt: '2026-01-01T01:00:00.000Z' });
  });

  it('the roster follows the running recording, whatever becomes of earlier ones', () => {
    const recording = (id: string) => ({ id, startedAt: '2026-01-01T00:00:00.000Z', consent: 'tell' }) as const;
    const told = (id: string, change: 'started' | 'stopped' | 'ready'): MeetingEvent => ({
      type: 'recording',
      change,
      recording: recording(id),
    });
    const failed = { type: 'recording', change: 'failed', failure: 'cannotSave', recording: recording('r2') } as const;
    const running = after(told('r1', 'started'), told('r1', 'stopped'), told('r2', 'started'), told('r1', 'ready'));
    expect(running.recording).toEqual(recording('r2'));
    expect(reduceMeeting(running, told('r2', 'stopped'))!.recording).toBeNull();
    expect(reduceMeeting(running, failed)!.recording).toBeNull();
  });

  it('why a recording ended that nobody stopped is known until the next one begins', () => {
    const recording = (id: string) => ({ id, startedAt: '2026-01-01T00:00:00.000Z', consent: 'tell' }) as const;
    const started = (id: string): MeetingEvent => ({ type: 'recording', change: 'started', recording: recording(id) });
    const limited = { type: 'recording', change: 'stopped', limit: 'length', recording: recording('r1') } as const;
    const failed = { type: 'recording', change: 'failed', failure: 'cannotSave', recording: recording('r1') } as const;
    const stopped = { type: 'recording', change: 'stopped', recording: recording('r1') } as const;
    expect(after(started('r1'), limited).recordingEnd).toBe('length');
    expect(after(started('r1'), limited, { ...limited, change: 'ready' }).recordingEnd).toBe('length');
    expect(after(started('r1'), failed).recordingEnd).toBe('cannotSave');
    expect(after(started('r1'), stopped)).not.toHaveProperty('recordingEnd');
    expect(after(started('r1'), limited, started('r2'))).not.toHaveProperty('recordingEnd');
  });

  it('a later snapshot replaces the roster', () => {
    const later = { ...empty, people: [person('cy', 5)] };
    expect(after(joined('ann', 1), { type: 'snapshot', meeting: later })).toBe(later);
  });

  it('reducing an event never changes the view it is given', () => {
    const frozen = Object.freeze({ ...empty, people: Object.freeze([person('ann', 1)]) as SeatedPerson[] });
    expect(reduceMeeting(frozen, joined('bob', 0))!.people).toHaveLength(2);
    expect(frozen.people).toEqual([person('ann', 1)]);
  });
});
