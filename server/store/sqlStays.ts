import { and, asc, count, desc, eq, gt, gte, inArray, isNotNull, isNull, like, lt, lte, sql } from 'drizzle-orm';
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';
import type { EndpointClaim } from '@/lib/core/meeting';
import type {
  EndedStay,
  JoinRequest,
  SeatedRecord,
  StayChange,
  StayEndReason,
  StayKey,
  StayOutcome,
} from '@/server/store/meetingStore';
import { stays } from '@/server/store/schema';

/** A database or a transaction in one, with any driver. */
export type Sql = PgDatabase<PgQueryResultHKT>;

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

/** The participants of a meeting, lowest seat first. */
export async function selectSeated(db: Sql, meetingId: string): Promise<SeatedRecord[]> {
  const rows = await db
    .select({
      personId: stays.personId,
      name: stays.name,
      avatar: stays.avatar,
      seat: stays.seat,
      ...ENDPOINT,
    })
    .from(stays)
    .where(and(eq(stays.meetingId, meetingId), isNull(stays.endedAt), isNotNull(stays.seat)))
    .orderBy(asc(stays.seat));
  return rows.flatMap(({ personId, name, avatar, seat, ...endpoint }) =>
    seat === null ? [] : [{ personId, name, avatar, seat, endpoint: endpointOf(endpoint) }],
  );
}

/** The custom avatars of everybody with a seat, in all meetings. */
export async function selectWornCustom(db: Sql): Promise<string[]> {
  const rows = await db
    .selectDistinct({ avatar: stays.avatar })
    .from(stays)
    .where(and(isNull(stays.endedAt), isNotNull(stays.seat), like(stays.avatar, 'own:%')));
  return rows.map(({ avatar }) => avatar);
}

/** The number of spectators. */
export async function countSpectators(db: Sql, meetingId: string): Promise<number> {
  const [row] = await db
    .select({ spectators: count() })
    .from(stays)
    .where(and(eq(stays.meetingId, meetingId), isNull(stays.endedAt), isNull(stays.seat)));
  return row?.spectators ?? 0;
}

/** The latest stay of an identity, over or not. */
export async function selectLatestOf(db: Sql, meetingId: string, identityHash: string) {
  const [row] = await db
    .select({
      ...ENDED_STAY,
      endedAt: stays.endedAt,
      ...ENDPOINT,
    })
    .from(stays)
    .where(and(eq(stays.meetingId, meetingId), eq(stays.identityHash, identityHash)))
    .orderBy(desc(stays.joinedAt), sql`${stays.endedAt} desc nulls first`)
    .limit(1);
  return row ?? null;
}

/** Where a new stay begins: on a seat or on none, with the endpoint of the stay that it takes over. */
export interface Place {
  readonly personId: string;
  readonly seat: number | null;
  readonly endpoint: EndpointClaim | null;
}

/** The endpoint of a stay that another takes over; null if there is none. */
export function endpointIn(former: Awaited<ReturnType<typeof selectLatestOf>>): EndpointClaim | null {
  return former && endpointOf(former);
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

/** Changes name, avatar or endpoint of the person of one live stay. */
export async function changeLiveStay(
  db: Sql,
  key: StayKey,
  { name, avatar, endpoint }: Partial<StayChange>,
  nowMs: number,
): Promise<EndedStay | null> {
  const columns = { name, avatar, ...(endpoint && endpointRow(endpoint)) };
  const [stay] = await db.update(stays).set(columns).where(isLive(key, nowMs)).returning(ENDED_STAY);
  return stay ?? null;
}

/** Why a stay isn't live. One that has run out but hasn't been swept counts as timed out. */
export async function explainStay(db: Sql, key: StayKey): Promise<StayOutcome> {
  const [row] = await db.select({ reason: stays.endReason }).from(stays).where(isKey(key));
  return row ? { kind: 'over', reason: row.reason ?? 'timeout' } : { kind: 'unknown' };
}
