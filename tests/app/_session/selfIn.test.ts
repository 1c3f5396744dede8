import { describe, expect, it } from 'vitest';
import { selfIn } from '@/app/_session/selfIn';
import type { MeetingView, SeatedPerson } from '@/lib/core/meeting';
import { TIERS } from '@/lib/quality/tiers';

const ada: SeatedPerson = { id: 'a', name: 'Ada', avatar: 'ada', seat: 0 };
const bo: SeatedPerson = { id: 'b', name: 'Bo', avatar: 'bo', seat: 1 };
const self = { ...ada, role: 'participant' } as const;

function meetingOf(...people: SeatedPerson[]): MeetingView {
  const createdAt = '2026-01-01T00:00:00.000Z';
  return { id: 'm', title: '', maxParticipants: 16, createdAt, endedAt: null, people, spectators: 0, tier: TIERS.high };
}

describe('oneself in a meeting', () => {
  it('is as the meeting has one now', () => {
    const changed = { ...ada, name: 'Ada L.', avatar: 'cleo:skin=cocoa' };
    expect(selfIn(meetingOf(bo, changed), self)).toEqual({ ...changed, role: 'participant' });
  });

  it('is as before where the list has one not for the moment', () => {
    expect(selfIn(meetingOf(bo), self)).toBe(self);
  });

  it('is nobody in the list where one only watches, or is not in yet', () => {
    const watching = { id: 'a', role: 'spectator' } as const;
    expect(selfIn(meetingOf(ada), watching)).toBe(watching);
    expect(selfIn(meetingOf(ada), null)).toBeNull();
  });
});
