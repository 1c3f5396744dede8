import { describe, expect, it } from 'vitest';
import { grantedOf, reduceGranted, type SelfView } from '@/lib/attend/attendanceState';
import type { JoinGrant, MeetingView, SeatedPerson } from '@/lib/core/meeting';
import { TIERS } from '@/lib/quality/tiers';

const ada: SeatedPerson = { id: 'a', name: 'Ada', avatar: 'ada', seat: 0, endpoint: null };
const bo: SeatedPerson = { id: 'b', name: 'Bo', avatar: 'bo', seat: 1, endpoint: null };
const self: SelfView = { ...ada, role: 'participant' };

function meetingOf(...people: SeatedPerson[]): MeetingView {
  const createdAt = '2026-01-01T00:00:00.000Z';
  return {
    id: 'm',
    title: '',
    maxParticipants: 16,
    createdAt,
    endedAt: null,
    people,
    spectators: 0,
    recording: null,
    tier: TIERS.high,
  };
}

function selfAfter(before: SelfView, meeting: MeetingView): SelfView {
  const granted = { meeting: meetingOf(ada), self: before, bandwidthMaxBps: 1 };
  return reduceGranted(granted, { type: 'snapshot', meeting }).self;
}

describe('what an attendance is granted', () => {
  it('a grant holds the local participant as the meeting lists them', () => {
    const grant = { meeting: meetingOf(bo, ada), personId: 'a', role: 'participant', seat: 0, bandwidthMaxBps: 7 };
    expect(grantedOf(grant as JoinGrant)).toMatchObject({ self, bandwidthMaxBps: 7 });
  });

  it('a grant holds a spectator by id alone', () => {
    const grant = { meeting: meetingOf(ada), personId: 's', role: 'spectator', seat: null, bandwidthMaxBps: 7 };
    expect(grantedOf(grant as JoinGrant).self).toEqual({ id: 's', role: 'spectator' });
  });

  it('the local participant follows a change of name and avatar', () => {
    const changed = { ...ada, name: 'Ada L.', avatar: 'cleo:skin=cocoa' };
    expect(selfAfter(self, meetingOf(bo, changed))).toEqual({ ...changed, role: 'participant' });
  });

  it('the local participant is kept while the meeting does not list them', () => {
    expect(selfAfter(self, meetingOf(bo))).toBe(self);
  });

  it('a spectator is never taken from the list of participants', () => {
    const watching = { id: 'a', role: 'spectator' } as const;
    expect(selfAfter(watching, meetingOf(ada))).toBe(watching);
  });
});
