import { describe, expect, it } from 'vitest';
import type { Appearance } from '@/lib/core/meeting';
import type { StayKey } from '@/server/store/meetingStore';
import { LIFE_MS, START_MS, type StoreWorld, wish } from './meetingStoreWorld';

/** How stays begin, change, run out and end. */
export function stayCases(world: StoreWorld): void {
  describe('liveness', () => {
    it('a stay that has run out is over for its bearer and swept once', async () => {
      const id = await world.created();
      const stay = wish(id);
      const { personId } = await world.sit(id, stay);
      const endMs = START_MS + LIFE_MS;
      expect(await world.store.meetingsWithExpired(endMs - 1)).not.toContain(id);
      expect(await world.store.endExpired(id, endMs - 1)).toEqual([]);
      expect(await world.store.extendStay(stay, endMs, endMs + LIFE_MS)).toEqual({ kind: 'over', reason: 'timeout' });
      expect(await world.store.meetingsWithExpired(endMs)).toContain(id);
      const swept = await Promise.all([world.store.endExpired(id, endMs), world.store.endExpired(id, endMs)]);
      expect(swept.flat()).toEqual([{ tokenHash: stay.tokenHash, personId, seat: 0 }]);
      expect(await world.store.meetingsWithExpired(endMs)).not.toContain(id);
      expect((await world.store.findMeeting(id))?.seated).toEqual([]);
    });

    it('extending a stay makes its end later, shortening only earlier', async () => {
      const id = await world.created();
      const stay = wish(id);
      await world.sit(id, stay);
      expect(await world.store.extendStay(stay, START_MS, START_MS + 20_000)).toMatchObject({ kind: 'live' });
      expect(await world.store.shortenStay(stay, START_MS, START_MS + 90_000)).toMatchObject({ kind: 'live' });
      expect(await world.store.meetingsWithExpired(START_MS + 20_000)).toContain(id);
      await world.store.shortenStay(stay, START_MS, START_MS + 4000);
      expect(await world.store.endExpired(id, START_MS + 3999)).toEqual([]);
      expect(await world.store.endExpired(id, START_MS + 4000)).toHaveLength(1);
    });

    it('a revival gives every stay the same life, except those that ended or ran out before', async () => {
      const id = await world.created();
      const long = wish(id, { expiresAtMs: START_MS + 1000 });
      const lately = wish(id, { expiresAtMs: START_MS + 5000 });
      const later = wish(id, { expiresAtMs: START_MS + 90_000 });
      const left = wish(id, { expiresAtMs: START_MS + 5000 });
      for (const request of [long, lately, later, left]) await world.sit(id, request);
      await world.store.endStay(left, START_MS);
      await world.store.reviveStays(START_MS + 5000, START_MS + 20_000);
      expect((await world.store.endExpired(id, START_MS + 19_999)).map((stay) => stay.tokenHash)).toEqual([
        long.tokenHash,
      ]);
      const revived = (await world.store.endExpired(id, START_MS + 20_000)).map((stay) => stay.tokenHash);
      expect(new Set(revived)).toEqual(new Set([lately.tokenHash, later.tokenHash]));
    });

    it('a query of many stays names those that have not ended, and prolongs but never shortens them', async () => {
      const id = await world.created();
      const [short, long, left] = [wish(id), wish(id, { expiresAtMs: START_MS + 90_000 }), wish(id)];
      for (const request of [short, long, left]) await world.sit(id, request);
      await world.store.endStay(left, START_MS);
      const hashes = [short.tokenHash, long.tokenHash, left.tokenHash, 'never-issued'];
      expect(await world.store.openStays(hashes)).toEqual(new Set([short.tokenHash, long.tokenHash]));
      await world.store.prolongStays(hashes, START_MS + 20_000);
      expect(await world.store.endExpired(id, START_MS + 19_999)).toEqual([]);
      expect((await world.store.endExpired(id, START_MS + 20_000)).map((stay) => stay.tokenHash)).toEqual([
        short.tokenHash,
      ]);
      expect(await world.store.extendStay(left, START_MS, START_MS + LIFE_MS)).toEqual({
        kind: 'over',
        reason: 'left',
      });
      expect(await world.store.openStays([])).toEqual(new Set());
    });

    it('custom avatars count as worn while a person with a seat wears them', async () => {
      const own = (digit: string) => `own:${digit.repeat(64)}`;
      const id = await world.created();
      const seated = wish(id, { avatar: own('a') });
      await world.sit(id, seated);
      await world.sit(id, { avatar: own('a') });
      await world.sit(id, { avatar: 'ada' });
      await world.sit(id, wish(id, { role: 'spectator', name: '', avatar: own('c') }));
      const gone = wish(id, { avatar: own('d') });
      await world.sit(id, gone);
      await world.store.endStay(gone, START_MS + 1);
      // Other tests of this database wear none.
      expect(await world.store.wornCustomAvatars()).toEqual([own('a')]);
      await world.store.changeStay(seated, { avatar: own('b') }, START_MS + 1);
      expect([...(await world.store.wornCustomAvatars())].sort()).toEqual([own('a'), own('b')]);
    });

    it('the census counts meetings with somebody in them, and people by role, until their stays end', async () => {
      // Other tests of this database may have people of their own.
      const before = await world.store.census();
      const grown = async () => {
        const { meetings, participants, spectators } = await world.store.census();
        return [meetings - before.meetings, participants - before.participants, spectators - before.spectators];
      };
      const id = await world.created();
      const seated = wish(id, {});
      expect(await grown()).toEqual([0, 0, 0]);
      await world.sit(id, seated);
      const watching = wish(id, { role: 'spectator', name: '' });
      await world.sit(id, watching);
      await world.sit(await world.created(), {});
      expect(await grown()).toEqual([2, 2, 1]);
      await world.store.endStay(seated, START_MS + 1);
      expect(await grown()).toEqual([2, 1, 1]);
      await world.store.endStay(watching, START_MS + 1);
      expect(await grown()).toEqual([1, 1, 0]);
    });

    it('a join ends stays that have run out and takes the seat of one', async () => {
      const id = await world.created({ maxParticipants: 2 });
      const dead = await world.sit(id);
      await world.sit(id, { expiresAtMs: START_MS + 2 * LIFE_MS });
      const joined = await world.sit(id, { nowMs: START_MS + LIFE_MS, expiresAtMs: START_MS + 2 * LIFE_MS });
      expect(joined.seat).toBe(0);
      expect(joined.expired.map((stay) => stay.personId)).toEqual([dead.personId]);
    });

    it('an endpoint is listed with its person, replaced by the next, taken over with the seat, and gone with the stay', async () => {
      const id = await world.created();
      const stay = wish(id);
      await world.sit(id, stay);
      await world.sit(id);
      const listed = async () => (await world.store.findMeeting(id))?.seated.map(({ endpoint }) => endpoint);
      expect(await listed()).toEqual([null, null]);
      const claimOf = (endpointId: string, occupantId: string | null = null) => ({
        id: endpointId,
        occupantId,
        nonce: `nonce of ${endpointId}`,
      });
      const report = (key: StayKey, endpointId: string, occupantId: string | null = null) =>
        world.store.changeStay(key, { endpoint: claimOf(endpointId, occupantId) }, START_MS + 1);
      expect(await report(stay, 'e1', 'A+/=')).toMatchObject({ kind: 'live' });
      expect(await listed()).toEqual([claimOf('e1', 'A+/='), null]);
      await report(stay, 'e2');
      await world.store.changeStay(stay, { name: 'Ada L.' }, START_MS + 1);
      const second = claimOf('e2');
      expect(await listed()).toEqual([second, null]);

      const again = wish(id, { identityHash: stay.identityHash, nowMs: START_MS + 2 });
      expect((await world.sit(id, again)).state.seated[0]).toMatchObject({ endpoint: second });
      expect(await listed()).toEqual([second, null]);
      expect(await report(stay, 'e3')).toEqual({ kind: 'over', reason: 'replaced' });
      await world.store.endStay(again, START_MS + 3);
      const back = await world.sit(id, { identityHash: stay.identityHash, nowMs: START_MS + 4 });
      expect(back.state.seated[0]).toMatchObject({ endpoint: null });
      expect(await listed()).toEqual([null, null]);
    });

    it('a live stay changes the given fields of its person and no others', async () => {
      const id = await world.created();
      const stay = wish(id);
      const { personId } = await world.sit(id, stay);
      await world.sit(id, { name: 'Bo', avatar: 'bo' });
      const watching = wish(id, { role: 'spectator', name: '' });
      await world.sit(id, watching);
      const change = (key: StayKey, looks: Partial<Appearance>, nowMs = START_MS + 1) =>
        world.store.changeStay(key, looks, nowMs);
      const live = { kind: 'live', stay: { tokenHash: stay.tokenHash, personId, seat: 0 } };
      expect(await change(stay, { name: 'Ada L.' })).toEqual(live);
      expect(await change(stay, { avatar: 'cleo:skin=cocoa' })).toEqual(live);
      expect(await change(watching, { avatar: 'bo' })).toMatchObject({ kind: 'live', stay: { seat: null } });
      expect((await world.store.findMeeting(id))?.seated).toEqual([
        { personId, name: 'Ada L.', avatar: 'cleo:skin=cocoa', seat: 0, endpoint: null, agreesToRecording: null },
        expect.objectContaining({ name: 'Bo', avatar: 'bo', seat: 1 }),
      ]);
      expect(await change({ ...stay, meetingId: await world.created() }, { name: 'Eve' })).toEqual({ kind: 'unknown' });
      expect(await change(stay, { name: 'Eve' }, START_MS + LIFE_MS)).toEqual({ kind: 'over', reason: 'timeout' });
      await world.store.endStay(stay, START_MS + 2);
      expect(await change(stay, { name: 'Eve' })).toEqual({ kind: 'over', reason: 'left' });
    });

    it('a stay ends once, and only for its own meeting and token', async () => {
      const id = await world.created();
      const stay = wish(id);
      await world.sit(id, stay);
      expect(await world.store.endStay({ meetingId: id, tokenHash: 'guessed' }, START_MS)).toEqual({ kind: 'unknown' });
      expect(await world.store.endStay({ ...stay, meetingId: 'elsewhere' }, START_MS)).toEqual({ kind: 'unknown' });
      expect(await world.store.endStay(stay, START_MS)).toMatchObject({ kind: 'live', stay: { seat: 0 } });
      expect(await world.store.endStay(stay, START_MS)).toEqual({ kind: 'over', reason: 'left' });
    });
  });

  describe('people as operators see them', () => {
    it('meetings with somebody in them are listed with those people, and no others', async () => {
      const [first, empty, second] = [await world.created(), await world.created(), await world.created()];
      const [seated, watching] = [
        wish(first, { avatar: 'bo' }),
        wish(first, { role: 'spectator', name: '', nowMs: START_MS + 5 }),
      ];
      const gone = wish(second);
      const ids = [(await world.sit(first, seated)).personId, (await world.sit(first, watching)).personId];
      await world.sit(second, gone);
      await world.store.recordings.start({ id: `r-${first}`, meetingId: first, nowMs: START_MS });
      const listed = async () => {
        const all = await world.store.occupied(100_000);
        return all.filter(({ id }) => [first, empty, second].includes(id));
      };
      expect((await listed()).map(({ id }) => id).sort()).toEqual([first, second].sort());
      await world.store.endStay(gone, START_MS + 1);
      expect(await listed()).toEqual([
        {
          id: first,
          title: 'Stand-up',
          maxParticipants: 16,
          createdAtMs: START_MS,
          isRecorded: true,
          people: [
            { personId: ids[0], name: 'Ada', avatar: 'bo', seat: 0, joinedAtMs: START_MS },
            { personId: ids[1], name: '', avatar: 'ada', seat: null, joinedAtMs: START_MS + 5 },
          ],
        },
      ]);
      expect((await world.store.occupied(1)).flatMap(({ people }) => people)).toHaveLength(1);
    });

    it('somebody who is put out loses the seat and does not come back as the same person', async () => {
      const id = await world.created();
      const stay = wish(id);
      const { personId } = await world.sit(id, stay);
      const other = await world.sit(id);
      expect(await world.store.removePerson(id, 'nobody', START_MS + 1)).toEqual([]);
      expect(await world.store.removePerson('never-created', personId, START_MS + 1)).toEqual([]);
      expect(await world.store.removePerson(id, personId, START_MS + 1)).toEqual([
        { tokenHash: stay.tokenHash, personId, seat: 0 },
      ]);
      expect(await world.store.removePerson(id, personId, START_MS + 2)).toEqual([]);
      expect((await world.store.findMeeting(id))?.seated).toMatchObject([{ personId: other.personId }]);
      const over = await world.store.extendStay(stay, START_MS + 2, START_MS + LIFE_MS);
      expect(over).toEqual({ kind: 'over', reason: 'removed' });
      for (const role of ['participant', 'spectator'] as const) {
        const again = await world.join(id, { role, identityHash: stay.identityHash, nowMs: START_MS + 3 });
        expect(again, role).toEqual({ kind: 'removed', expired: [] });
      }
      expect(await world.join(id)).toMatchObject({ kind: 'joined', seat: 0 });
    });
  });
}
