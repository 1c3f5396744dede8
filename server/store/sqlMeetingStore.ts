import { fileURLToPath } from 'node:url';
import { and, eq, exists, gte, isNull, lt, lte, notExists, or, type SQL, sql } from 'drizzle-orm';
import { DatabaseGate } from '@/server/store/databaseGate';
import {
  type Census,
  chooseSeat,
  type EndedStay,
  type EndOutcome,
  type IdleSince,
  type JoinOutcome,
  type JoinRequest,
  type MeetingState,
  type MeetingStore,
  type NewMeeting,
  type OccupiedMeeting,
  type StayChange,
  type StayKey,
  type StayOutcome,
} from '@/server/store/meetingStore';
import { meetings, stays } from '@/server/store/schema';
import {
  changeLiveStay,
  countPresent,
  endAllStays,
  endExpiredStays,
  endLiveStay,
  explainStay,
  type Inside,
  insertStay,
  type Kept,
  lockMeeting,
  type MeetingRow,
  moveExpiry,
  prolongStays,
  removePerson,
  replaceStay,
  reviveStays,
  type Sql,
  selectMeeting,
  selectOccupied,
  selectOpen,
  selectSituation,
  selectWornCustom,
} from '@/server/store/sqlStays';
import type { StoreError } from '@/server/store/storeError';
import type { HistoryStore } from './historyStore';
import type { OutboxStore } from './outboxStore';
import type { RecordingStore } from './recordingStore';
import { SqlHistoryStore } from './sqlHistory';
import { SqlOutboxStore } from './sqlOutbox';
import { SqlRecordingStore } from './sqlRecordings';

/** Folder to which `npm run db:generate` writes the schema's migrations. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('./migrations', import.meta.url));

function toState(row: MeetingRow, { seated, spectators, running }: Inside): MeetingState {
  const { id, title, maxParticipants, recordingStart, recordingConsent } = row;
  return {
    id,
    title,
    maxParticipants,
    createdAtMs: row.createdAt.getTime(),
    endedAtMs: row.endedAt?.getTime() ?? null,
    seated,
    spectators,
    recordingStart,
    recordingConsent,
    recording: running,
  };
}

async function takePlace(tx: Sql, meeting: MeetingRow, request: JoinRequest): Promise<JoinOutcome> {
  const before = await selectSituation(tx, request);
  const expired = before.hasExpired ? await endExpiredStays(tx, meeting.id, request.nowMs) : [];
  const { former, spectators, running, ...now } = before.hasExpired ? await selectSituation(tx, request) : before;
  const replaced = former?.isLive ? former : null;
  // What the latest stay of the identity ended by holds until it is forgotten.
  if (former?.isRemoved) return { kind: 'removed', expired };
  const others = now.seated.filter((person) => person.personId !== replaced?.personId);
  const taken = new Set(others.map((person) => person.seat));
  const seated = request.role === 'participant';
  const seat = seated ? chooseSeat(taken, meeting.maxParticipants, former?.seat ?? null) : null;
  if (seated && seat === null) return { kind: 'full', limit: meeting.maxParticipants, expired };
  const watchers = spectators - (replaced?.seat === null ? 1 : 0);
  if (!seated && watchers >= request.spectatorsMax) return { kind: 'full', limit: request.spectatorsMax, expired };

  const personId = former?.personId ?? request.newPersonId;
  if (replaced) await replaceStay(tx, replaced.tokenHash, request.nowMs);
  const kept: Kept = { endpoint: replaced?.endpoint ?? null, agreesToRecording: replaced?.agreesToRecording ?? null };
  await insertStay(tx, request, { personId, seat, ...kept });
  const self = seat === null ? [] : [{ personId, name: request.name, avatar: request.avatar, seat, ...kept }];
  const everyone = [...others, ...self].sort((a, b) => a.seat - b.seat);
  const watching = watchers + (seat === null ? 1 : 0);
  const state = toState(meeting, { seated: everyone, spectators: watching, running });
  return { kind: 'joined', personId, seat, replaced, expired, state };
}

async function joinLocked(tx: Sql, request: JoinRequest): Promise<JoinOutcome> {
  const meeting = await lockMeeting(tx, request.meetingId);
  if (!meeting) return { kind: 'notFound' };
  return meeting.endedAt ? { kind: 'ended' } : takePlace(tx, meeting, request);
}

async function endLocked(tx: Sql, id: string, hostTokenHash: string, nowMs: number): Promise<EndOutcome> {
  const meeting = await lockMeeting(tx, id);
  if (!meeting) return { kind: 'notFound' };
  // Hashes of 256 random bits: the time that the comparison takes reveals nothing about the token.
  if (meeting.hostTokenHash !== hostTokenHash) return { kind: 'forbidden' };
  if (meeting.endedAt) return { kind: 'alreadyEnded', endedAtMs: meeting.endedAt.getTime() };
  await tx
    .update(meetings)
    .set({ endedAt: new Date(nowMs) })
    .where(eq(meetings.id, id));
  await endAllStays(tx, id, nowMs);
  return { kind: 'ended', endedAtMs: nowMs };
}

/** Whether a row of meetings is open and idle. */
function isIdle(db: Sql, { leftMs, createdMs }: IdleSince) {
  const staysThat = (condition?: SQL) =>
    db
      .select({ one: sql`1` })
      .from(stays)
      .where(and(eq(stays.meetingId, meetings.id), condition));
  const isRecent = or(isNull(stays.endedAt), gte(stays.endedAt, new Date(leftMs)));
  const isLeft = and(exists(staysThat()), notExists(staysThat(isRecent)));
  const isUnused = and(notExists(staysThat()), lt(meetings.createdAt, new Date(createdMs)));
  return and(isNull(meetings.endedAt), or(isLeft, isUnused));
}

async function selectIdle(db: Sql, since: IdleSince): Promise<string[]> {
  const rows = await db.select({ id: meetings.id }).from(meetings).where(isIdle(db, since));
  return rows.map(({ id }) => id);
}

/** Looks again under the lock, which every join takes: a person may have joined meanwhile. */
async function endIdleLocked(tx: Sql, id: string, since: IdleSince, nowMs: number): Promise<boolean> {
  await lockMeeting(tx, id);
  const ended = await tx
    .update(meetings)
    .set({ endedAt: new Date(nowMs) })
    .where(and(eq(meetings.id, id), isIdle(tx, since)))
    .returning({ id: meetings.id });
  return ended.length > 0;
}

async function forgetEnded(tx: Sql, beforeMs: number): Promise<void> {
  const before = new Date(beforeMs);
  await tx.delete(stays).where(lt(stays.endedAt, before));
  await tx.delete(meetings).where(lt(meetings.endedAt, before));
}

/** The parts that differ between databases. */
export interface SqlDatabase {
  readonly db: Sql;
  /** See DatabaseGateOptions. */
  readonly silenceMs: number | null;
  /** See DatabaseGateOptions. */
  readonly onTrouble?: (trouble: StoreError) => void;
  /** Runs `work` in one transaction, of isolation READ COMMITTED or better; rolled back if it throws. */
  transact<Result>(work: (tx: Sql) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

/** The meeting store in SQL, the same for PGlite and PostgreSQL. */
export class SqlMeetingStore implements MeetingStore {
  readonly recordings: RecordingStore;
  readonly outbox: OutboxStore;
  readonly history: HistoryStore;
  private readonly gate: DatabaseGate;
  private readonly db: Sql;

  constructor(private readonly database: SqlDatabase) {
    this.db = database.db;
    this.gate = new DatabaseGate({ silenceMs: database.silenceMs, onTrouble: database.onTrouble });
    this.recordings = new SqlRecordingStore(database, this.gate);
    this.outbox = new SqlOutboxStore(database, this.gate);
    this.history = new SqlHistoryStore(this.db, this.gate);
  }

  createMeeting(meeting: NewMeeting): Promise<'created' | 'exists'> {
    const { nowMs, ...columns } = meeting;
    return this.gate.run(async () => {
      const written = await this.db
        .insert(meetings)
        .values({ ...columns, createdAt: new Date(nowMs) })
        .onConflictDoNothing()
        .returning({ id: meetings.id });
      return written.length === 1 ? 'created' : 'exists';
    });
  }

  findMeeting(id: string): Promise<MeetingState | null> {
    return this.gate.run(async () => {
      const found = await selectMeeting(this.db, id);
      return found && toState(found.row, found);
    });
  }

  join(request: JoinRequest): Promise<JoinOutcome> {
    return this.gate.run(() => this.database.transact((tx) => joinLocked(tx, request)));
  }

  extendStay(key: StayKey, nowMs: number, expiresAtMs: number): Promise<StayOutcome> {
    return this.change(key, () => moveExpiry(this.db, key, { nowMs, expiresAtMs, when: 'always' }));
  }

  shortenStay(key: StayKey, nowMs: number, expiresAtMs: number): Promise<StayOutcome> {
    return this.change(key, () => moveExpiry(this.db, key, { nowMs, expiresAtMs, when: 'sooner' }));
  }

  changeStay(key: StayKey, change: Partial<StayChange>, nowMs: number): Promise<StayOutcome> {
    return this.change(key, () => changeLiveStay(this.db, key, change, nowMs));
  }

  endStay(key: StayKey, nowMs: number): Promise<StayOutcome> {
    return this.change(key, () => endLiveStay(this.db, key, nowMs));
  }

  endMeeting(id: string, hostTokenHash: string, nowMs: number): Promise<EndOutcome> {
    return this.gate.run(() => this.database.transact((tx) => endLocked(tx, id, hostTokenHash, nowMs)));
  }

  hostOf(id: string): Promise<string | null> {
    return this.gate.run(async () => {
      const [row] = await this.db.select({ hash: meetings.hostTokenHash }).from(meetings).where(eq(meetings.id, id));
      return row?.hash ?? null;
    });
  }

  meetingsWithExpired(nowMs: number): Promise<readonly string[]> {
    return this.gate.run(async () => {
      const rows = await this.db
        .selectDistinct({ id: stays.meetingId })
        .from(stays)
        .where(and(isNull(stays.endedAt), lte(stays.expiresAt, new Date(nowMs))));
      return rows.map((row) => row.id);
    });
  }

  reviveStays(sinceMs: number, expiresAtMs: number): Promise<void> {
    return this.gate.run(() => reviveStays(this.db, sinceMs, expiresAtMs));
  }

  openStays(tokenHashes: readonly string[]): Promise<ReadonlySet<string>> {
    return this.gate.run(() => selectOpen(this.db, tokenHashes));
  }

  prolongStays(tokenHashes: readonly string[], expiresAtMs: number): Promise<void> {
    return this.gate.run(() => prolongStays(this.db, tokenHashes, expiresAtMs));
  }

  wornCustomAvatars(): Promise<readonly string[]> {
    return this.gate.run(() => selectWornCustom(this.db));
  }

  removePerson(meetingId: string, personId: string, nowMs: number): Promise<readonly EndedStay[]> {
    return this.gate.run(() =>
      this.database.transact(async (tx) => {
        await lockMeeting(tx, meetingId);
        return removePerson(tx, meetingId, personId, nowMs);
      }),
    );
  }

  occupied(most: number): Promise<readonly OccupiedMeeting[]> {
    return this.gate.run(() => selectOccupied(this.db, most));
  }

  census(): Promise<Census> {
    return this.gate.run(() => countPresent(this.db));
  }

  endExpired(meetingId: string, nowMs: number): Promise<readonly EndedStay[]> {
    return this.gate.run(() =>
      this.database.transact(async (tx) => {
        await lockMeeting(tx, meetingId);
        return endExpiredStays(tx, meetingId, nowMs);
      }),
    );
  }

  idleMeetings(since: IdleSince): Promise<readonly string[]> {
    return this.gate.run(() => selectIdle(this.db, since));
  }

  endIdle(id: string, since: IdleSince, nowMs: number): Promise<boolean> {
    return this.gate.run(() => this.database.transact((tx) => endIdleLocked(tx, id, since, nowMs)));
  }

  forget(beforeMs: number): Promise<void> {
    return this.gate.run(() => this.database.transact((tx) => forgetEnded(tx, beforeMs)));
  }

  close(): Promise<void> {
    return this.database.close();
  }

  private change(key: StayKey, move: () => Promise<EndedStay | null>): Promise<StayOutcome> {
    return this.gate.run(async () => {
      const stay = await move();
      return stay ? { kind: 'live', stay } : explainStay(this.db, key);
    });
  }
}
