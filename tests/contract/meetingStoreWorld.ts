import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { JoinOutcome, JoinRequest, MeetingStore, NewMeeting } from '@/server/store/meetingStore';

export const START_MS = Date.UTC(2030, 0, 1);
/** How long a stay lasts unless it is extended. */
export const LIFE_MS = 15_000;

export function newMeeting(changes: Partial<NewMeeting> = {}): NewMeeting {
  const id = `m-${randomUUID()}`;
  const how = { maxParticipants: 16, recordingStart: 'byHost', recordingConsent: 'tell' } as const;
  return { id, title: 'Stand-up', ...how, hostTokenHash: `host-${id}`, nowMs: START_MS, ...changes };
}

/** A request to join with an identity and a stay of its own. */
export function wish(meetingId: string, changes: Partial<JoinRequest> = {}): JoinRequest {
  return {
    meetingId,
    role: 'participant',
    name: 'Ada',
    avatar: 'ada',
    identityHash: randomUUID(),
    newPersonId: randomUUID(),
    spectatorsMax: 100,
    tokenHash: randomUUID(),
    nowMs: START_MS,
    expiresAtMs: START_MS + LIFE_MS,
    ...changes,
  };
}

function asJoined(outcome: JoinOutcome) {
  if (outcome.kind !== 'joined') throw new Error(`expected to be let in, got ${outcome.kind}`);
  return outcome;
}

/** The store that the contract's cases share. */
export class StoreWorld {
  private opened: MeetingStore | null = null;

  constructor(private readonly create: () => Promise<MeetingStore>) {}

  get store(): MeetingStore {
    if (!this.opened) throw new Error('the store is not open');
    return this.opened;
  }

  async open(): Promise<void> {
    this.opened = await this.create();
  }

  async close(): Promise<void> {
    await this.opened?.close();
  }

  /** Creates a meeting; its id. */
  async created(changes: Partial<NewMeeting> = {}): Promise<string> {
    const meeting = newMeeting(changes);
    expect(await this.store.createMeeting(meeting)).toBe('created');
    return meeting.id;
  }

  join(meetingId: string, changes: Partial<JoinRequest> = {}): Promise<JoinOutcome> {
    return this.store.join(wish(meetingId, changes));
  }

  /** Joins, and fails unless that succeeds. */
  async sit(meetingId: string, changes: Partial<JoinRequest> = {}) {
    return asJoined(await this.join(meetingId, changes));
  }
}
