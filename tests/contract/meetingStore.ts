import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Appearance } from '@/lib/core/meeting';
import type { JoinOutcome, JoinRequest, MeetingStore, NewMeeting, StayKey } from '@/server/store/meetingStore';

const START_MS = Date.UTC(2030, 0, 1);
const LIFE_MS = 15_000;

function newMeeting(changes: Partial<NewMeeting> = {}): NewMeeting {
  const id = `m-${randomUUID()}`;
  return { id, title: 'Stand-up', maxParticipants: 16, hostTokenHash: `host-${id}`, nowMs: START_MS, ...changes };
}

function wish(meetingId: string, changes: Partial<JoinRequest> = {}): JoinRequest {
  return {
    meetingId,
    role: 'participant',
    name: 'Ada',
    avatar: 'ada',
    identityHash: randomUUID(),
    newPersonId: randomUUID(),
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

/** How often 32 race for 16 seats: by chance, where transactions run side by side; otherwise each round is like the first. */
const RACES = { sideBySide: 200, inTurn: 20 } as const;

/** The contract of every meeting store, whose transactions run so. `open` gives a new, migrated one. */
export function meetingStoreContract(transactions: keyof typeof RACES, open: () => Promise<MeetingStore>): void {
  let store: MeetingStore;
  beforeAll(async () => {
    store = await open();
  }, 60_000);
  afterAll(() => store?.close());

  async function created(changes: Partial<NewMeeting> = {}): Promise<string> {
    const meeting = newMeeting(changes);
    expect(await store.createMeeting(meeting)).toBe('created');
    return meeting.id;
  }
  const join = (id: string, changes: Partial<JoinRequest> = {}) => store.join(wish(id, changes));
  const sit = async (id: string, changes: Partial<JoinRequest> = {}) => asJoined(await join(id, changes));

  describe('meetings', () => {
    it('a created meeting can be found as it was created', async () => {
      const id = await created({ title: '早会 "x"', maxParticipants: 5 });
      expect(await store.findMeeting(id)).toEqual({
        id,
        title: '早会 "x"',
        maxParticipants: 5,
        createdAtMs: START_MS,
        endedAtMs: null,
        seated: [],
        spectators: 0,
      });
    });

    it('an id that was never created is not found and cannot be joined', async () => {
      expect(await store.findMeeting('never-created')).toBeNull();
      expect(await join('never-created')).toEqual({ kind: 'notFound' });
    });

    it('of many concurrent creations of one id exactly one succeeds', async () => {
      const meeting = newMeeting();
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => store.createMeeting(meeting)));
      expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
    });

    it('only the host token ends a meeting, once, and it stays known as ended', async () => {
      const id = await created();
      const { tokenHash } = wish(id);
      await sit(id, { tokenHash });
      expect(await store.endMeeting(id, 'not-the-host', START_MS + 1)).toEqual({ kind: 'forbidden' });
      expect(await store.endMeeting(id, `host-${id}`, START_MS + 2)).toEqual({
        kind: 'ended',
        endedAtMs: START_MS + 2,
      });
      expect(await store.endMeeting(id, `host-${id}`, START_MS + 3)).toEqual({
        kind: 'alreadyEnded',
        endedAtMs: START_MS + 2,
      });
      expect(await store.endMeeting('never-created', 'x', START_MS)).toEqual({ kind: 'notFound' });
      expect(await join(id)).toEqual({ kind: 'ended' });
      expect(await store.createMeeting(newMeeting({ id }))).toBe('exists');
      expect(await store.findMeeting(id)).toMatchObject({ endedAtMs: START_MS + 2, seated: [] });
      const over = await store.extendStay({ meetingId: id, tokenHash }, START_MS + 4, START_MS + LIFE_MS);
      expect(over).toEqual({ kind: 'over', reason: 'meetingEnded' });
    });
  });

  describe('seats', () => {
    it('a join takes the lowest free seat and is refused past the limit', async () => {
      const id = await created({ maxParticipants: 3 });
      const first = wish(id);
      expect((await sit(id, first)).seat).toBe(0);
      expect((await sit(id)).seat).toBe(1);
      expect((await sit(id)).seat).toBe(2);
      expect(await join(id)).toEqual({ kind: 'full', limit: 3, expired: [] });
      await store.endStay(first, START_MS);
      expect((await sit(id, { name: 'Bo' })).seat).toBe(0);
      const state = await store.findMeeting(id);
      expect(state?.seated.map((person) => [person.seat, person.name])).toEqual([
        [0, 'Bo'],
        [1, 'Ada'],
        [2, 'Ada'],
      ]);
    });

    it('a spectator takes no seat, even in a full meeting', async () => {
      const id = await created({ maxParticipants: 2 });
      await sit(id);
      await sit(id);
      const watching = await sit(id, { role: 'spectator', name: '' });
      expect(watching.seat).toBeNull();
      expect(watching.state.spectators).toBe(1);
      expect(await store.findMeeting(id)).toMatchObject({ spectators: 1 });
    });

    it('the state that a join returns is the stored one', async () => {
      const id = await created();
      await sit(id);
      await sit(id, { role: 'spectator' });
      const { state } = await sit(id, { name: 'Cleo', avatar: 'cleo' });
      expect(state).toEqual(await store.findMeeting(id));
    });

    const rounds = RACES[transactions];
    it(`of 32 concurrent joins exactly 16 sit, one on each seat, ${rounds} rounds`, { timeout: 180_000 }, async () => {
      for (let round = 0; round < rounds; round += 1) {
        const id = await created();
        const outcomes = await Promise.all(Array.from({ length: 32 }, () => join(id)));
        const seats = outcomes.flatMap((outcome) => (outcome.kind === 'joined' ? [outcome.seat] : []));
        expect(seats.sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 16 }, (_, seat) => seat));
        expect(outcomes.filter((outcome) => outcome.kind === 'full')).toHaveLength(16);
        expect((await store.findMeeting(id))?.seated).toHaveLength(16);
      }
    });
  });

  describe('identity', () => {
    it('an identity takes over its own seat with a new stay, even in a full meeting', async () => {
      const id = await created({ maxParticipants: 2 });
      await sit(id);
      const before = wish(id);
      const first = await sit(id, before);
      const again = await sit(id, { identityHash: before.identityHash, name: 'Ada L.' });
      expect(again).toMatchObject({ personId: first.personId, seat: first.seat });
      expect(again.replaced).toMatchObject({ tokenHash: before.tokenHash, seat: first.seat });
      expect(again.state.seated).toHaveLength(2);
      expect(again.state.seated[1]).toMatchObject({ personId: first.personId, name: 'Ada L.' });
      const old = await store.extendStay(before, START_MS, START_MS + LIFE_MS);
      expect(old).toEqual({ kind: 'over', reason: 'replaced' });
    });

    it('an identity holds one seat after many concurrent joins', async () => {
      const id = await created();
      const identityHash = randomUUID();
      const outcomes = await Promise.all(Array.from({ length: 12 }, () => sit(id, { identityHash })));
      expect(new Set(outcomes.map((outcome) => `${outcome.personId} ${outcome.seat}`)).size).toBe(1);
      expect((await store.findMeeting(id))?.seated).toHaveLength(1);
    });

    it('an identity that left comes back as the same person, on its own seat if that is free', async () => {
      const id = await created();
      await sit(id);
      const before = wish(id);
      const first = await sit(id, before);
      await store.endStay(before, START_MS);
      const back = await sit(id, { identityHash: before.identityHash, nowMs: START_MS + 1 });
      expect(back).toMatchObject({ personId: first.personId, seat: 1, replaced: null });
      await store.endStay({ meetingId: id, tokenHash: wish(id).tokenHash }, START_MS);
    });

    it('an identity gets the lowest free seat if another person took its own', async () => {
      const id = await created();
      const before = wish(id);
      await sit(id, before);
      await store.endStay(before, START_MS);
      expect((await sit(id)).seat).toBe(0);
      expect((await sit(id, { identityHash: before.identityHash, nowMs: START_MS + 1 })).seat).toBe(1);
    });

    it('an identity that comes back as a spectator frees its seat', async () => {
      const id = await created();
      const before = wish(id);
      await sit(id, before);
      const watching = await sit(id, { identityHash: before.identityHash, role: 'spectator' });
      expect(watching.replaced).toMatchObject({ seat: 0 });
      expect(watching.state).toMatchObject({ seated: [], spectators: 1 });
    });

    it('an identity is a different person in each meeting', async () => {
      const identityHash = randomUUID();
      const one = await sit(await created(), { identityHash });
      const other = await sit(await created(), { identityHash });
      expect(other.personId).not.toBe(one.personId);
    });
  });

  describe('liveness', () => {
    it('a stay that has run out is over for its bearer and swept once', async () => {
      const id = await created();
      const stay = wish(id);
      const { personId } = await sit(id, stay);
      const endMs = START_MS + LIFE_MS;
      expect(await store.meetingsWithExpired(endMs - 1)).not.toContain(id);
      expect(await store.endExpired(id, endMs - 1)).toEqual([]);
      expect(await store.extendStay(stay, endMs, endMs + LIFE_MS)).toEqual({ kind: 'over', reason: 'timeout' });
      expect(await store.meetingsWithExpired(endMs)).toContain(id);
      const swept = await Promise.all([store.endExpired(id, endMs), store.endExpired(id, endMs)]);
      expect(swept.flat()).toEqual([{ tokenHash: stay.tokenHash, personId, seat: 0 }]);
      expect(await store.meetingsWithExpired(endMs)).not.toContain(id);
      expect((await store.findMeeting(id))?.seated).toEqual([]);
    });

    it('extending a stay makes its end later, shortening only earlier', async () => {
      const id = await created();
      const stay = wish(id);
      await sit(id, stay);
      expect(await store.extendStay(stay, START_MS, START_MS + 20_000)).toMatchObject({ kind: 'live' });
      expect(await store.shortenStay(stay, START_MS, START_MS + 90_000)).toMatchObject({ kind: 'live' });
      expect(await store.meetingsWithExpired(START_MS + 20_000)).toContain(id);
      await store.shortenStay(stay, START_MS, START_MS + 4000);
      expect(await store.endExpired(id, START_MS + 3999)).toEqual([]);
      expect(await store.endExpired(id, START_MS + 4000)).toHaveLength(1);
    });

    it('a revival gives every stay the same life, except those that ended or ran out before', async () => {
      const id = await created();
      const long = wish(id, { expiresAtMs: START_MS + 1000 });
      const lately = wish(id, { expiresAtMs: START_MS + 5000 });
      const later = wish(id, { expiresAtMs: START_MS + 90_000 });
      const left = wish(id, { expiresAtMs: START_MS + 5000 });
      for (const request of [long, lately, later, left]) await sit(id, request);
      await store.endStay(left, START_MS);
      await store.reviveStays(START_MS + 5000, START_MS + 20_000);
      expect((await store.endExpired(id, START_MS + 19_999)).map((stay) => stay.tokenHash)).toEqual([long.tokenHash]);
      const revived = (await store.endExpired(id, START_MS + 20_000)).map((stay) => stay.tokenHash);
      expect(new Set(revived)).toEqual(new Set([lately.tokenHash, later.tokenHash]));
    });

    it('a query of many stays names those that have not ended, and prolongs but never shortens them', async () => {
      const id = await created();
      const [short, long, left] = [wish(id), wish(id, { expiresAtMs: START_MS + 90_000 }), wish(id)];
      for (const request of [short, long, left]) await sit(id, request);
      await store.endStay(left, START_MS);
      const hashes = [short.tokenHash, long.tokenHash, left.tokenHash, 'never-issued'];
      expect(await store.openStays(hashes)).toEqual(new Set([short.tokenHash, long.tokenHash]));
      await store.prolongStays(hashes, START_MS + 20_000);
      expect(await store.endExpired(id, START_MS + 19_999)).toEqual([]);
      expect((await store.endExpired(id, START_MS + 20_000)).map((stay) => stay.tokenHash)).toEqual([short.tokenHash]);
      expect(await store.extendStay(left, START_MS, START_MS + LIFE_MS)).toEqual({ kind: 'over', reason: 'left' });
      expect(await store.openStays([])).toEqual(new Set());
    });

    it('custom avatars count as worn while a person with a seat wears them', async () => {
      const own = (digit: string) => `own:${digit.repeat(64)}`;
      const id = await created();
      const seated = wish(id, { avatar: own('a') });
      await sit(id, seated);
      await sit(id, { avatar: own('a') });
      await sit(id, { avatar: 'ada' });
      await sit(id, wish(id, { role: 'spectator', name: '', avatar: own('c') }));
      const gone = wish(id, { avatar: own('d') });
      await sit(id, gone);
      await store.endStay(gone, START_MS + 1);
      // Other tests of this database wear none.
      expect(await store.wornCustomAvatars()).toEqual([own('a')]);
      await store.changeStay(seated, { avatar: own('b') }, START_MS + 1);
      expect([...(await store.wornCustomAvatars())].sort()).toEqual([own('a'), own('b')]);
    });

    it('a join ends stays that have run out and takes the seat of one', async () => {
      const id = await created({ maxParticipants: 2 });
      const dead = await sit(id);
      await sit(id, { expiresAtMs: START_MS + 2 * LIFE_MS });
      const joined = await sit(id, { nowMs: START_MS + LIFE_MS, expiresAtMs: START_MS + 2 * LIFE_MS });
      expect(joined.seat).toBe(0);
      expect(joined.expired.map((stay) => stay.personId)).toEqual([dead.personId]);
    });

    it('an endpoint is listed with its person, replaced by the next, taken over with the seat, and gone with the stay', async () => {
      const id = await created();
      const stay = wish(id);
      await sit(id, stay);
      await sit(id);
      const listed = async () => (await store.findMeeting(id))?.seated.map(({ endpoint }) => endpoint);
      expect(await listed()).toEqual([null, null]);
      const claimOf = (endpointId: string, occupantId: string | null = null) => ({
        id: endpointId,
        occupantId,
        nonce: `nonce of ${endpointId}`,
      });
      const report = (key: StayKey, endpointId: string, occupantId: string | null = null) =>
        store.changeStay(key, { endpoint: claimOf(endpointId, occupantId) }, START_MS + 1);
      expect(await report(stay, 'e1', 'A+/=')).toMatchObject({ kind: 'live' });
      expect(await listed()).toEqual([claimOf('e1', 'A+/='), null]);
      await report(stay, 'e2');
      await store.changeStay(stay, { name: 'Ada L.' }, START_MS + 1);
      const second = claimOf('e2');
      expect(await listed()).toEqual([second, null]);

      const again = wish(id, { identityHash: stay.identityHash, nowMs: START_MS + 2 });
      expect((await sit(id, again)).state.seated[0]).toMatchObject({ endpoint: second });
      expect(await listed()).toEqual([second, null]);
      expect(await report(stay, 'e3')).toEqual({ kind: 'over', reason: 'replaced' });
      await store.endStay(again, START_MS + 3);
      const back = await sit(id, { identityHash: stay.identityHash, nowMs: START_MS + 4 });
      expect(back.state.seated[0]).toMatchObject({ endpoint: null });
      expect(await listed()).toEqual([null, null]);
    });

    it('a live stay changes the given fields of its person and no others', async () => {
      const id = await created();
      const stay = wish(id);
      const { personId } = await sit(id, stay);
      await sit(id, { name: 'Bo', avatar: 'bo' });
      const watching = wish(id, { role: 'spectator', name: '' });
      await sit(id, watching);
      const change = (key: StayKey, looks: Partial<Appearance>, nowMs = START_MS + 1) =>
        store.changeStay(key, looks, nowMs);
      const live = { kind: 'live', stay: { tokenHash: stay.tokenHash, personId, seat: 0 } };
      expect(await change(stay, { name: 'Ada L.' })).toEqual(live);
      expect(await change(stay, { avatar: 'cleo:skin=cocoa' })).toEqual(live);
      expect(await change(watching, { avatar: 'bo' })).toMatchObject({ kind: 'live', stay: { seat: null } });
      expect((await store.findMeeting(id))?.seated).toEqual([
        { personId, name: 'Ada L.', avatar: 'cleo:skin=cocoa', seat: 0, endpoint: null },
        expect.objectContaining({ name: 'Bo', avatar: 'bo', seat: 1 }),
      ]);
      expect(await change({ ...stay, meetingId: await created() }, { name: 'Eve' })).toEqual({ kind: 'unknown' });
      expect(await change(stay, { name: 'Eve' }, START_MS + LIFE_MS)).toEqual({ kind: 'over', reason: 'timeout' });
      await store.endStay(stay, START_MS + 2);
      expect(await change(stay, { name: 'Eve' })).toEqual({ kind: 'over', reason: 'left' });
    });

    it('a stay ends once, and only for its own meeting and token', async () => {
      const id = await created();
      const stay = wish(id);
      await sit(id, stay);
      expect(await store.endStay({ meetingId: id, tokenHash: 'guessed' }, START_MS)).toEqual({ kind: 'unknown' });
      expect(await store.endStay({ ...stay, meetingId: 'elsewhere' }, START_MS)).toEqual({ kind: 'unknown' });
      expect(await store.endStay(stay, START_MS)).toMatchObject({ kind: 'live', stay: { seat: 0 } });
      expect(await store.endStay(stay, START_MS)).toEqual({ kind: 'over', reason: 'left' });
    });
  });

  describe('retention', () => {
    const DAY_MS = 86_400_000;

    it('a meeting is idle once its last person left long enough ago, or else once it was created long enough ago, and ends only then', async () => {
      const unused = await created();
      const [left, inside] = [await created(), await created()];
      const stay = wish(left);
      await sit(left, stay);
      await store.endStay(stay, START_MS + 5);
      await sit(inside, { expiresAtMs: START_MS + 10 * DAY_MS });
      const idle = async (leftMs: number, createdMs: number) => {
        const ids = await store.idleMeetings({ leftMs, createdMs });
        return [unused, left, inside].filter((id) => ids.includes(id));
      };
      const nowMs = START_MS + DAY_MS;
      expect(await idle(START_MS + 5, START_MS)).toEqual([]);
      expect(await idle(START_MS + 5, START_MS + 1)).toEqual([unused]);
      expect(await idle(START_MS + 6, START_MS)).toEqual([left]);
      expect(await idle(nowMs, nowMs)).toEqual([unused, left]);
      const since = { leftMs: START_MS + 6, createdMs: START_MS };
      expect(await store.endIdle(inside, { leftMs: nowMs, createdMs: nowMs }, nowMs)).toBe(false);
      expect(await store.endIdle(unused, since, nowMs)).toBe(false);
      expect(await store.endIdle(left, { leftMs: START_MS + 5, createdMs: nowMs }, nowMs)).toBe(false);
      expect(await store.endIdle(left, since, nowMs)).toBe(true);
      expect(await store.endIdle(left, since, nowMs)).toBe(false);
      expect(await store.endIdle('never-created', since, nowMs)).toBe(false);
      expect(await store.findMeeting(left)).toMatchObject({ endedAtMs: nowMs });
      expect(await join(left)).toEqual({ kind: 'ended' });
    });

    it('a meeting that ends as idle while people join has either ended or people', async () => {
      for (let round = 0; round < 20; round += 1) {
        const id = await created();
        const nowMs = START_MS + DAY_MS;
        const [joined, ended] = await Promise.all([
          join(id, { nowMs, expiresAtMs: nowMs + LIFE_MS }),
          store.endIdle(id, { leftMs: nowMs, createdMs: nowMs }, nowMs),
        ]);
        expect(joined.kind).toBe(ended ? 'ended' : 'joined');
      }
    });

    it('names, stays and meetings that ended long ago are deleted, and their ids are free again', async () => {
      const [old, recent, open] = [await created(), await created(), await created()];
      const [oldStay, recentStay, gone, here] = [wish(old), wish(recent), wish(open), wish(open)];
      for (const stay of [oldStay, recentStay, gone, here]) await sit(stay.meetingId, stay);
      await store.endStay(gone, START_MS + 1);
      await store.endMeeting(old, `host-${old}`, START_MS + 1);
      await store.endMeeting(recent, `host-${recent}`, START_MS + DAY_MS);
      await store.forget(START_MS + 2);
      expect(await store.findMeeting(old)).toBeNull();
      expect(await store.findMeeting(recent)).toMatchObject({ endedAtMs: START_MS + DAY_MS });
      expect(await store.findMeeting(open)).toMatchObject({ seated: [{ seat: 1 }] });
      const stateOf = (key: StayKey) => store.extendStay(key, START_MS, START_MS + LIFE_MS);
      expect(await stateOf(oldStay)).toEqual({ kind: 'unknown' });
      expect(await stateOf(gone)).toEqual({ kind: 'unknown' });
      expect(await stateOf(recentStay)).toMatchObject({ kind: 'over' });
      expect(await stateOf(here)).toMatchObject({ kind: 'live' });
      expect(await store.createMeeting(newMeeting({ id: old }))).toBe('created');
      expect(await store.createMeeting(newMeeting({ id: recent }))).toBe('exists');
    });
  });
}
