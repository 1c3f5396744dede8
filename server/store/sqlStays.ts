import {
  and,
  asc,
  count,
  countDistinct,
  desc,
  eq,
  gt,
  gte,
  inArray,
  isNotNull,
  isNull,
  like,
  lt,
  lte,
  or,
  sql,
} from 'drizzle-orm';
import { alias, type PgDatabase, type PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { EndpointClaim } from '@/lib/core/meeting';
import type {
  Census,
  EndedStay,
  JoinRequest,
  OccupiedMeeting,
  PresentPerson,
  RunningRecording,
  SeatedRecord,
  StayChange,
  StayEndReason,
  StayKey,
  StayOutcome,
} from '@/server/store/meetingStore';
import { meetings, recordings, stays } from '@/server/store/schema';

/** A database or a transaction in one, with any driver. */
export type Sql = PgDatabase<PgQueryResultHKT>;

export type MeetingRow = typeof meetings.$inferSelect;

/** The meeting's row, locked until the end of the transaction: every change of its seats and its recording holds it. */
export async function lockMeeting(tx: Sql, id: string): Promise<MeetingRow | null> {
  const [row] = await tx.select().from(meetings).where(eq(meetings.id, id)).for('update');
  return row ?? null;
}

const ENDED_STAY = { tokenHash: stays.tokenHash, personId: stays.personId, seat: stays.seat };

const ENDPOINT = {
  endpointId: stays.endpointId,
  endpointOccupant: stays.endpointOccupant,
  endpointNonce: stays.endpointNonce,
};

/** {@link ENDPOINT} in a row of stays. */
interface EndpointRow {
  readonly endpointId: string | null;
  readonly endpointOccupant: string | null;
  readonly endpointNonce: string | null;
}

function endpointOf({ endpointId: id, endpointOccupant: occupantId, endpointNonce: nonce }: EndpointRow) {
  return id === null || nonce === null ? null : { id, occupantId, nonce };
}

function endpointRow({ id, occupantId, nonce }: EndpointClaim): EndpointRow {
  return { endpointId: id, endpointOccupant: occupantId, endpointNonce: nonce };
}

function isKey(key: StayKey) {
  return and(eq(stays.tokenHash, key.tokenHash), eq(stays.meetingId, key.meetingId));
}

function isLive(key: StayKey, nowMs: number) {
  return and(isKey(key), isNull(stays.endedAt), gt(stays.expiresAt, new Date(nowMs)));
}

const SEATED = {
  personId: stays.personId,
  name: stays.name,
  avatar: stays.avatar,
  seat: stays.seat,
  ...ENDPOINT,
  agreesToRecording: stays.agreesToRecording,
};

type SeatedRow = Pick<typeof stays.$inferSelect, keyof typeof SEATED>;

function seatedOf({ personId, name, avatar, seat, agreesToRecording, ...endpoint }: SeatedRow): SeatedRecord[] {
  return seat === null ? [] : [{ personId, name, avatar, seat, endpoint: endpointOf(endpoint), agreesToRecording }];
}

const isSeated = and(isNull(stays.endedAt), isNotNull(stays.seat));

/** The number of spectators of a meeting in the same statement. */
function spectatorsOf(db: Sql, meetingId: string) {
  const watching = alias(stays, 'watching');
  const counted = db
    .select({ count: count() })
    .from(watching)
    .where(and(eq(watching.meetingId, meetingId), isNull(watching.endedAt), isNull(watching.seat)));
  return sql`${counted}`.mapWith(Number);
}

const RUNNING = { id: recordings.id, startedAt: recordings.startedAt, consent: recordings.consent };

type RunningRow = Pick<typeof recordings.$inferSelect, keyof typeof RUNNING>;

function runningOf(row: RunningRow | null | undefined): RunningRecording | null {
  return row ? { id: row.id, startedAtMs: row.startedAt.getTime(), consent: row.consent } : null;
}

/** Whether a row of recordings is the running one of a meeting, which has at most one. */
export function isRunningIn(meetingId: string | typeof meetings.id) {
  return and(eq(recordings.meetingId, meetingId), eq(recordings.state, 'recording'), eq(recordings.isDiscarded, false));
}

/** Who and what is in a meeting. */
export interface Inside {
  /** Lowest seat first. */
  readonly seated: readonly SeatedRecord[];
  readonly spectators: number;
  readonly running: RunningRecording | null;
}

/** A meeting and what is in it, in one statement; null if there is none. */
export async function selectMeeting(
  db: Sql,
  meetingId: string,
): Promise<(Inside & { readonly row: MeetingRow }) | null> {
  const rows = await db
    .select({ row: meetings, seated: SEATED, spectators: spectatorsOf(db, meetingId), running: RUNNING })
    .from(meetings)
    .leftJoin(stays, and(eq(stays.meetingId, meetings.id), isSeated))
    .leftJoin(recordings, isRunningIn(meetings.id))
    .where(eq(meetings.id, meetingId))
    .orderBy(asc(stays.seat));
  const [first] = rows;
  if (!first) return null;
  return {
    row: first.row,
    seated: rows.flatMap(({ seated }) => (seated ? seatedOf(seated) : [])),
    spectators: first.spectators,
    running: runningOf(first.running),
  };
}

/** What decides about a place in a meeting. */
export interface Situation extends Inside {
  /** The stay of the identity that goes on, or its latest one; null if it is new. */
  readonly former: FormerStay | null;
  /** Whether stays have run out that have not been ended. */
  readonly hasExpired: boolean;
}

/** A stay of the identity that asks for a place. */
interface FormerStay extends EndedStay, Kept {
  readonly isLive: boolean;
  readonly isRemoved: boolean;
}

type FormerRow = EndedStay &
  EndpointRow &
  Pick<typeof stays.$inferSelect, 'endedAt' | 'endReason' | 'agreesToRecording'>;

/** The situation of a meeting, which must exist, for one identity at `nowMs`, in one statement. */
export async function selectSituation(
  db: Sql,
  { meetingId, identityHash, nowMs }: Pick<JoinRequest, 'meetingId' | 'identityHash' | 'nowMs'>,
): Promise<Situation> {
  const own = alias(stays, 'own');
  const latest = db
    .select({ tokenHash: own.tokenHash })
    .from(own)
    .where(and(eq(own.meetingId, meetingId), eq(own.identityHash, identityHash)))
    .orderBy(sql`${own.endedAt} is null desc`, desc(own.joinedAt))
    .limit(1);
  const over = alias(stays, 'over');
  const expired = db
    .select({ one: sql`1` })
    .from(over)
    .where(and(eq(over.meetingId, meetingId), isNull(over.endedAt), lte(over.expiresAt, new Date(nowMs))));
  const rows = await db
    .select({
      stay: {
        ...SEATED,
        tokenHash: stays.tokenHash,
        identityHash: stays.identityHash,
        endedAt: stays.endedAt,
        endReason: stays.endReason,
      },
      spectators: spectatorsOf(db, meetingId),
      hasExpired: sql<boolean>`exists ${expired}`,
      running: RUNNING,
    })
    .from(meetings)
    .leftJoin(stays, and(eq(stays.meetingId, meetings.id), or(isSeated, eq(stays.tokenHash, latest))))
    .leftJoin(recordings, isRunningIn(meetings.id))
    .where(eq(meetings.id, meetingId))
    .orderBy(asc(stays.seat));
  const found = rows.flatMap(({ stay }) => stay ?? []);
  const former = found.find((stay) => stay.identityHash === identityHash);
  return {
    seated: found.flatMap((stay) => (stay.endedAt === null ? seatedOf(stay) : [])),
    spectators: rows[0]?.spectators ?? 0,
    running: runningOf(rows[0]?.running),
    former: former ? formerOf(former) : null,
    hasExpired: rows[0]?.hasExpired ?? false,
  };
}

function formerOf({
  tokenHash,
  personId,
  seat,
  endedAt,
  endReason,
  agreesToRecording,
  ...rest
}: FormerRow): FormerStay {
  const state = { isLive: endedAt === null, isRemoved: endReason === 'removed' };
  return { tokenHash, personId, seat, ...state, endpoint: endpointOf(rest), agreesToRecording };
}

/** The custom avatars of everybody with a seat, in all meetings. */
export async function selectWornCustom(db: Sql): Promise<string[]> {
  const rows = await db
    .selectDistinct({ avatar: stays.avatar })
    .from(stays)
    .where(and(isNull(stays.endedAt), isNotNull(stays.seat), like(stays.avatar, 'own:%')));
  return rows.map(({ avatar }) => avatar);
}

/** Meetings with somebody in them, as far as `most` people. */
export async function selectOccupied(db: Sql, most: number): Promise<OccupiedMeeting[]> {
  const rows = await db
    .select({ meeting: meetings, stay: stays, recordingId: recordings.id })
    .from(stays)
    .innerJoin(meetings, eq(stays.meetingId, meetings.id))
    .leftJoin(recordings, isRunningIn(meetings.id))
    .where(isNull(stays.endedAt))
    .orderBy(asc(meetings.createdAt), asc(meetings.id), asc(stays.joinedAt))
    .limit(most);
  const found = new Map<string, OccupiedMeeting & { readonly people: PresentPerson[] }>();
  for (const { meeting, stay, recordingId } of rows) {
    const { id, title, maxParticipants, createdAt } = meeting;
    const facts = { id, title, maxParticipants, createdAtMs: createdAt.getTime(), isRecorded: recordingId !== null };
    const known = found.get(id) ?? { ...facts, people: [] };
    const { personId, name, avatar, seat, joinedAt } = stay;
    known.people.push({ personId, name, avatar, seat, joinedAtMs: joinedAt.getTime() });
    found.set(id, known);
  }
  return [...found.values()];
}

export async function countPresent(db: Sql): Promise<Census> {
  const [counts] = await db
    .select({
      meetings: countDistinct(stays.meetingId),
      participants: count(stays.seat),
      everybody: count(),
    })
    .from(stays)
    .where(isNull(stays.endedAt));
  const { meetings = 0, participants = 0, everybody = 0 } = counts ?? {};
  return { meetings, participants, spectators: everybody - participants };
}

/** What a stay keeps of the one that it takes over. */
export type Kept = Pick<SeatedRecord, 'endpoint' | 'agreesToRecording'>;

/** Where a new stay begins: on a seat or on none. */
export interface Place extends Kept {
  readonly personId: string;
  readonly seat: number | null;
}

/** Inserts a new stay. */
export async function insertStay(db: Sql, request: JoinRequest, place: Place): Promise<void> {
  await db.insert(stays).values({
    tokenHash: request.tokenHash,
    meetingId: request.meetingId,
    identityHash: request.identityHash,
    personId: place.personId,
    role: request.role,
    name: request.name,
    avatar: request.avatar,
    seat: place.seat,
    ...(place.endpoint && endpointRow(place.endpoint)),
    agreesToRecording: place.agreesToRecording,
    joinedAt: new Date(request.nowMs),
    expiresAt: new Date(request.expiresAtMs),
  });
}

function ending(nowMs: number, reason: StayEndReason) {
  return { endedAt: new Date(nowMs), endReason: reason };
}

/** Ends the stays of a meeting that have run out. */
export function endExpiredStays(db: Sql, meetingId: string, nowMs: number): Promise<EndedStay[]> {
  return db
    .update(stays)
    .set(ending(nowMs, 'timeout'))
    .where(and(eq(stays.meetingId, meetingId), isNull(stays.endedAt), lte(stays.expiresAt, new Date(nowMs))))
    .returning(ENDED_STAY);
}

/** Moves the end of every stay that runs out at `sinceMs` or later to `expiresAtMs`. */
export async function reviveStays(db: Sql, sinceMs: number, expiresAtMs: number): Promise<void> {
  await db
    .update(stays)
    .set({ expiresAt: new Date(expiresAtMs) })
    .where(and(isNull(stays.endedAt), gte(stays.expiresAt, new Date(sinceMs))));
}

/** Of these stays, those that have not ended. */
export async function selectOpen(db: Sql, tokenHashes: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .select({ tokenHash: stays.tokenHash })
    .from(stays)
    .where(and(inArray(stays.tokenHash, [...tokenHashes]), isNull(stays.endedAt)));
  return new Set(rows.map((row) => row.tokenHash));
}

/** Moves the end of those of these stays that have not ended and run out earlier. */
export async function prolongStays(db: Sql, tokenHashes: readonly string[], expiresAtMs: number): Promise<void> {
  const expiresAt = new Date(expiresAtMs);
  const isMeant = and(
    inArray(stays.tokenHash, [...tokenHashes]),
    isNull(stays.endedAt),
    lt(stays.expiresAt, expiresAt),
  );
  await db.update(stays).set({ expiresAt }).where(isMeant);
}

/** Ends every stay of a meeting, because the meeting is over. */
export async function endAllStays(db: Sql, meetingId: string, nowMs: number): Promise<void> {
  await db
    .update(stays)
    .set(ending(nowMs, 'meetingEnded'))
    .where(and(eq(stays.meetingId, meetingId), isNull(stays.endedAt)));
}

/** Ends what goes on of a person's stays, because they are put out. */
export function removePerson(db: Sql, meetingId: string, personId: string, nowMs: number): Promise<EndedStay[]> {
  return db
    .update(stays)
    .set(ending(nowMs, 'removed'))
    .where(and(eq(stays.meetingId, meetingId), eq(stays.personId, personId), isNull(stays.endedAt)))
    .returning(ENDED_STAY);
}

/** Ends one stay that another of the same identity takes over. */
export async function replaceStay(db: Sql, tokenHash: string, nowMs: number): Promise<void> {
  await db.update(stays).set(ending(nowMs, 'replaced')).where(eq(stays.tokenHash, tokenHash));
}

/** Ends one live stay because its person left. */
export async function endLiveStay(db: Sql, key: StayKey, nowMs: number): Promise<EndedStay | null> {
  const [stay] = await db.update(stays).set(ending(nowMs, 'left')).where(isLive(key, nowMs)).returning(ENDED_STAY);
  return stay ?? null;
}

/** Moves the end of one live stay; with `sooner` only to an earlier time. */
export async function moveExpiry(
  db: Sql,
  key: StayKey,
  times: { readonly nowMs: number; readonly expiresAtMs: number; readonly when: 'always' | 'sooner' },
): Promise<EndedStay | null> {
  const expiresAt = new Date(times.expiresAtMs);
  const sooner = sql`least(${stays.expiresAt}, ${expiresAt.toISOString()}::timestamptz)`;
  const [stay] = await db
    .update(stays)
    .set({ expiresAt: times.when === 'always' ? expiresAt : sooner })
    .where(isLive(key, times.nowMs))
    .returning(ENDED_STAY);
  return stay ?? null;
}

/** Changes what is given of the person of one live stay. */
export async function changeLiveStay(
  db: Sql,
  key: StayKey,
  { endpoint, ...change }: Partial<StayChange>,
  nowMs: number,
): Promise<EndedStay | null> {
  const columns = { ...change, ...(endpoint && endpointRow(endpoint)) };
  const [stay] = await db.update(stays).set(columns).where(isLive(key, nowMs)).returning(ENDED_STAY);
  return stay ?? null;
}

/** Why a stay isn't live. One that has run out but hasn't been swept counts as timed out. */
export async function explainStay(db: Sql, key: StayKey): Promise<StayOutcome> {
  const [row] = await db.select({ reason: stays.endReason }).from(stays).where(isKey(key));
  return row ? { kind: 'over', reason: row.reason ?? 'timeout' } : { kind: 'unknown' };
}
