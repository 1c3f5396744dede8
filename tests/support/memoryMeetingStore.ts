import type { EndpointClaim } from '@/lib/core/meeting';
import type {
  Census,
  EndedStay,
  EndOutcome,
  IdleSince,
  JoinOutcome,
  JoinRequest,
  MeetingState,
  MeetingStore,
  NewMeeting,
  OccupiedMeeting,
  StayChange,
  StayEndReason,
  StayKey,
  StayOutcome,
} from '@/server/store/meetingStore';
import { chooseSeat } from '@/server/store/meetingStore';
import { StoreError } from '@/server/store/storeError';
import { MemoryHistoryStore } from './memoryHistoryStore';
import { MemoryOutboxStore } from './memoryOutboxStore';
import { MemoryRecordingStore } from './memoryRecordingStore';

export interface Meeting extends NewMeeting {
  endedAtMs: number | null;
}

interface Stay extends JoinRequest {
  readonly personId: string;
  readonly seat: number | null;
  name: string;
  avatar: string;
  endpoint: EndpointClaim | null;
  agreesToRecording: boolean | null;
  expiresAtMs: number;
  endReason: StayEndReason | null;
  endedAtMs: number | null;
}

const asEnded = ({ tokenHash, personId, seat }: Stay): EndedStay => ({ tokenHash, personId, seat });

function end(stay: Stay, reason: StayEndReason, nowMs: number): void {
  stay.endReason = reason;
  stay.endedAtMs = nowMs;
}

/**
 * A meeting store in plain memory that passes the store contract: for tests of what is built on a store. Each method
 * does its work without awaiting anything, so it is atomic. After `close` it refuses as a database that is away does.
 */
export class MemoryMeetingStore implements MeetingStore {
  private readonly meetings = new Map<string, Meeting>();
  readonly recordings = new MemoryRecordingStore(this.meetings, () => this.requireOpen());
  readonly outbox = new MemoryOutboxStore(() => this.requireOpen());
  readonly history = new MemoryHistoryStore(() => this.requireOpen());
  /** In the order they joined. */
  private stays: Stay[] = [];
  private isClosed = false;

  async createMeeting(meeting: NewMeeting): Promise<'created' | 'exists'> {
    this.requireOpen();
    if (this.meetings.has(meeting.id)) return 'exists';
    this.meetings.set(meeting.id, { ...meeting, endedAtMs: null });
    return 'created';
  }

  async findMeeting(id: string): Promise<MeetingState | null> {
    this.requireOpen();
    const meeting = this.meetings.get(id);
    return meeting ? this.stateOf(meeting) : null;
  }

  async join(request: JoinRequest): Promise<JoinOutcome> {
    this.requireOpen();
    const meeting = this.meetings.get(request.meetingId);
    if (!meeting) return { kind: 'notFound' };
    return meeting.endedAtMs === null ? this.takePlace(meeting, request) : { kind: 'ended' };
  }

  async extendStay(key: StayKey, nowMs: number, expiresAtMs: number): Promise<StayOutcome> {
    return this.changeLive(key, nowMs, (stay) => {
      stay.expiresAtMs = expiresAtMs;
    });
  }

  async shortenStay(key: StayKey, nowMs: number, expiresAtMs: number): Promise<StayOutcome> {
    return this.changeLive(key, nowMs, (stay) => {
      stay.expiresAtMs = Math.min(stay.expiresAtMs, expiresAtMs);
    });
  }

  async changeStay(key: StayKey, change: Partial<StayChange>, nowMs: number): Promise<StayOutcome> {
    return this.changeLive(key, nowMs, (stay) => {
      stay.name = change.name ?? stay.name;
      stay.avatar = change.avatar ?? stay.avatar;
      stay.endpoint = change.endpoint ?? stay.endpoint;
      stay.agreesToRecording = change.agreesToRecording ?? stay.agreesToRecording;
    });
  }

  async endStay(key: StayKey, nowMs: number): Promise<StayOutcome> {
    return this.changeLive(key, nowMs, (stay) => end(stay, 'left', nowMs));
  }

  async endMeeting(id: string, hostTokenHash: string, nowMs: number): Promise<EndOutcome> {
    this.requireOpen();
    const meeting = this.meetings.get(id);
    if (!meeting) return { kind: 'notFound' };
    if (meeting.hostTokenHash !== hostTokenHash) return { kind: 'forbidden' };
    if (meeting.endedAtMs !== null) return { kind: 'alreadyEnded', endedAtMs: meeting.endedAtMs };
    meeting.endedAtMs = nowMs;
    for (const stay of this.staysIn(id)) end(stay, 'meetingEnded', nowMs);
    return { kind: 'ended', endedAtMs: nowMs };
  }

  async hostOf(id: string): Promise<string | null> {
    this.requireOpen();
    return this.meetings.get(id)?.hostTokenHash ?? null;
  }

  async meetingsWithExpired(nowMs: number): Promise<readonly string[]> {
    this.requireOpen();
    const due = this.stays.filter((stay) => stay.endReason === null && stay.expiresAtMs <= nowMs);
    return [...new Set(due.map((stay) => stay.meetingId))];
  }

  async reviveStays(sinceMs: number, expiresAtMs: number): Promise<void> {
    this.requireOpen();
    for (const stay of this.stays) {
      if (stay.endReason === null && stay.expiresAtMs >= sinceMs) stay.expiresAtMs = expiresAtMs;
    }
  }

  async openStays(tokenHashes: readonly string[]): Promise<ReadonlySet<string>> {
    this.requireOpen();
    const open = this.stays.filter((stay) => stay.endReason === null && tokenHashes.includes(stay.tokenHash));
    return new Set(open.map((stay) => stay.tokenHash));
  }

  async prolongStays(tokenHashes: readonly string[], expiresAtMs: number): Promise<void> {
    const open = await this.openStays(tokenHashes);
    for (const stay of this.stays) {
      if (open.has(stay.tokenHash)) stay.expiresAtMs = Math.max(stay.expiresAtMs, expiresAtMs);
    }
  }

  async wornCustomAvatars(): Promise<readonly string[]> {
    this.requireOpen();
    const worn = this.stays.filter(({ endReason, seat }) => endReason === null && seat !== null);
    return [...new Set(worn.map(({ avatar }) => avatar).filter((avatar) => avatar.startsWith('own:')))];
  }

  async removePerson(meetingId: string, personId: string, nowMs: number): Promise<readonly EndedStay[]> {
    this.requireOpen();
    const there = this.staysIn(meetingId).filter((stay) => stay.personId === personId);
    for (const stay of there) end(stay, 'removed', nowMs);
    return there.map(asEnded);
  }

  async occupied(most: number): Promise<readonly OccupiedMeeting[]> {
    this.requireOpen();
    let left = most;
    return [...this.meetings.values()]
      .sort((a, b) => a.nowMs - b.nowMs)
      .flatMap(({ id, title, maxParticipants, nowMs }) => {
        const people = this.staysIn(id)
          .map(({ personId, name, avatar, seat, nowMs }) => ({ personId, name, avatar, seat, joinedAtMs: nowMs }))
          .slice(0, left);
        left -= people.length;
        const isRecorded = this.recordings.runningIn(id) !== null;
        return people.length === 0 ? [] : [{ id, title, maxParticipants, createdAtMs: nowMs, isRecorded, people }];
      });
  }

  async census(): Promise<Census> {
    this.requireOpen();
    const here = this.stays.filter(({ endReason }) => endReason === null);
    const participants = here.filter(({ seat }) => seat !== null).length;
    const meetings = new Set(here.map(({ meetingId }) => meetingId)).size;
    return { meetings, participants, spectators: here.length - participants };
  }

  async endExpired(meetingId: string, nowMs: number): Promise<readonly EndedStay[]> {
    this.requireOpen();
    return this.expire(meetingId, nowMs);
  }

  async idleMeetings(since: IdleSince): Promise<readonly string[]> {
    this.requireOpen();
    return [...this.meetings.values()].filter((meeting) => this.isIdle(meeting, since)).map(({ id }) => id);
  }

  async endIdle(id: string, since: IdleSince, nowMs: number): Promise<boolean> {
    this.requireOpen();
    const meeting = this.meetings.get(id);
    if (!meeting || !this.isIdle(meeting, since)) return false;
    meeting.endedAtMs = nowMs;
    return true;
  }

  async forget(beforeMs: number): Promise<void> {
    this.requireOpen();
    this.stays = this.stays.filter(({ endedAtMs }) => endedAtMs === null || endedAtMs >= beforeMs);
    for (const { id, endedAtMs } of this.meetings.values()) {
      if (endedAtMs !== null && endedAtMs < beforeMs) this.meetings.delete(id);
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }

  private expire(meetingId: string, nowMs: number): EndedStay[] {
    const expired = this.staysIn(meetingId).filter((stay) => stay.expiresAtMs <= nowMs);
    for (const stay of expired) end(stay, 'timeout', nowMs);
    return expired.map(asEnded);
  }

  private takePlace(meeting: Meeting, request: JoinRequest): JoinOutcome {
    const expired = this.expire(meeting.id, request.nowMs);
    const former = this.stays.findLast(
      ({ meetingId, identityHash }) => meetingId === meeting.id && identityHash === request.identityHash,
    );
    if (former?.endReason === 'removed') return { kind: 'removed', expired };
    const replaced = former?.endReason === null ? former : null;
    const taken = this.staysIn(meeting.id).flatMap((stay) => (stay === replaced ? [] : (stay.seat ?? [])));
    const hasSeat = request.role === 'participant';
    const seat = hasSeat ? chooseSeat(new Set(taken), meeting.maxParticipants, former?.seat ?? null) : null;
    if (hasSeat && seat === null) return { kind: 'full', limit: meeting.maxParticipants, expired };
    const watching = this.staysIn(meeting.id).filter((stay) => stay !== replaced && stay.seat === null).length;
    if (!hasSeat && watching >= request.spectatorsMax) return { kind: 'full', limit: request.spectatorsMax, expired };
    const personId = former?.personId ?? request.newPersonId;
    if (replaced) end(replaced, 'replaced', request.nowMs);
    const endpoint = replaced?.endpoint ?? null;
    const agreesToRecording = replaced?.agreesToRecording ?? null;
    this.stays.push({ ...request, personId, seat, endpoint, agreesToRecording, endReason: null, endedAtMs: null });
    const state = this.stateOf(meeting);
    return { kind: 'joined', personId, seat, replaced: replaced && asEnded(replaced), expired, state };
  }

  private stateOf({ hostTokenHash: _, nowMs, ...meeting }: Meeting): MeetingState {
    const stays = this.staysIn(meeting.id);
    const seated = stays
      .flatMap(({ personId, name, avatar, seat, endpoint, agreesToRecording }) =>
        seat === null ? [] : [{ personId, name, avatar, seat, endpoint, agreesToRecording }],
      )
      .sort((a, b) => a.seat - b.seat);
    const recording = this.recordings.runningIn(meeting.id);
    return { ...meeting, createdAtMs: nowMs, seated, spectators: stays.length - seated.length, recording };
  }

  private isIdle({ id, endedAtMs, nowMs }: Meeting, { leftMs, createdMs }: IdleSince): boolean {
    const ends = this.stays.filter(({ meetingId }) => meetingId === id).map((stay) => stay.endedAtMs);
    const isLong = ends.length === 0 ? nowMs < createdMs : ends.every((endMs) => endMs !== null && endMs < leftMs);
    return endedAtMs === null && isLong;
  }

  private staysIn(meetingId: string): Stay[] {
    return this.stays.filter((stay) => stay.meetingId === meetingId && stay.endReason === null);
  }

  private changeLive({ meetingId, tokenHash }: StayKey, nowMs: number, change: (stay: Stay) => void): StayOutcome {
    this.requireOpen();
    const stay = this.stays.find((each) => each.tokenHash === tokenHash && each.meetingId === meetingId);
    if (!stay) return { kind: 'unknown' };
    if (stay.endReason !== null) return { kind: 'over', reason: stay.endReason };
    if (stay.expiresAtMs <= nowMs) return { kind: 'over', reason: 'timeout' };
    change(stay);
    return { kind: 'live', stay: asEnded(stay) };
  }

  protected requireOpen(): void {
    if (this.isClosed) throw new StoreError('unavailable', 'The store in memory is closed.');
  }
}
