import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { LIFE_MS, START_MS, type StoreWorld, wish } from './meetingStoreWorld';

/** How often 32 race for 16 seats. Where nothing locks the meeting, every race goes wrong. */
const RACES = 5;

/** Who sits where, and as whom. */
export function seatCases(world: StoreWorld): void {
  describe('seats', () => {
    it('a join takes the lowest free seat and is refused past the limit', async () => {
      const id = await world.created({ maxParticipants: 3 });
      const first = wish(id);
      expect((await world.sit(id, first)).seat).toBe(0);
      expect((await world.sit(id)).seat).toBe(1);
      expect((await world.sit(id)).seat).toBe(2);
      expect(await world.join(id)).toEqual({ kind: 'full', limit: 3, expired: [] });
      await world.store.endStay(first, START_MS);
      expect((await world.sit(id, { name: 'Bo' })).seat).toBe(0);
      const state = await world.store.findMeeting(id);
      expect(state?.seated.map((person) => [person.seat, person.name])).toEqual([
        [0, 'Bo'],
        [1, 'Ada'],
        [2, 'Ada'],
      ]);
    });

    it('a meeting has so many spectators, of whom each may come again, and any number of free seats', async () => {
      const id = await world.created({ maxParticipants: 2 });
      const watch = (identityHash: string) =>
        world.join(id, { role: 'spectator', name: '', spectatorsMax: 2, identityHash });
      expect((await watch('first')).kind).toBe('joined');
      expect((await watch('second')).kind).toBe('joined');
      expect(await watch('third')).toEqual({ kind: 'full', limit: 2, expired: [] });
      expect((await watch('first')).kind).toBe('joined');
      expect((await world.sit(id, { spectatorsMax: 2 })).state.spectators).toBe(2);
      // Who sits down makes room for another.
      await world.sit(id, { identityHash: 'second', spectatorsMax: 2 });
      expect((await watch('third')).kind).toBe('joined');
    });

    it('a spectator takes no seat, even in a full meeting', async () => {
      const id = await world.created({ maxParticipants: 2 });
      await world.sit(id);
      await world.sit(id);
      const watching = await world.sit(id, { role: 'spectator', name: '' });
      expect(watching.seat).toBeNull();
      expect(watching.state.spectators).toBe(1);
      expect(await world.store.findMeeting(id)).toMatchObject({ spectators: 1 });
    });

    it('the state that a join returns is the stored one', async () => {
      const id = await world.created();
      await world.sit(id);
      await world.sit(id, { role: 'spectator' });
      const { state } = await world.sit(id, { name: 'Cleo', avatar: 'cleo' });
      expect(state).toEqual(await world.store.findMeeting(id));
    });

    it('of 32 concurrent joins exactly 16 sit, one on each seat, in every race', { timeout: 180_000 }, async () => {
      for (let race = 0; race < RACES; race += 1) {
        const id = await world.created();
        const outcomes = await Promise.all(Array.from({ length: 32 }, () => world.join(id)));
        const seats = outcomes.flatMap((outcome) => (outcome.kind === 'joined' ? [outcome.seat] : []));
        expect(seats.sort((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 16 }, (_, seat) => seat));
        expect(outcomes.filter((outcome) => outcome.kind === 'full')).toHaveLength(16);
        expect((await world.store.findMeeting(id))?.seated).toHaveLength(16);
      }
    });
  });

  describe('identity', () => {
    it('an identity takes over its own seat with a new stay, even in a full meeting', async () => {
      const id = await world.created({ maxParticipants: 2 });
      await world.sit(id);
      const before = wish(id);
      const first = await world.sit(id, before);
      const again = await world.sit(id, { identityHash: before.identityHash, name: 'Ada L.' });
      expect(again).toMatchObject({ personId: first.personId, seat: first.seat });
      expect(again.replaced).toMatchObject({ tokenHash: before.tokenHash, seat: first.seat });
      expect(again.state.seated).toHaveLength(2);
      expect(again.state.seated[1]).toMatchObject({ personId: first.personId, name: 'Ada L.' });
      const old = await world.store.extendStay(before, START_MS, START_MS + LIFE_MS);
      expect(old).toEqual({ kind: 'over', reason: 'replaced' });
    });

    it('an identity holds one seat after many concurrent joins', async () => {
      const id = await world.created();
      const identityHash = randomUUID();
      const outcomes = await Promise.all(Array.from({ length: 12 }, () => world.sit(id, { identityHash })));
      expect(new Set(outcomes.map((outcome) => `${outcome.personId} ${outcome.seat}`)).size).toBe(1);
      expect((await world.store.findMeeting(id))?.seated).toHaveLength(1);
    });

    it('an identity that left comes back as the same person, on its own seat if that is free', async () => {
      const id = await world.created();
      await world.sit(id);
      const before = wish(id);
      const first = await world.sit(id, before);
      await world.store.endStay(before, START_MS);
      const back = await world.sit(id, { identityHash: before.identityHash, nowMs: START_MS + 1 });
      expect(back).toMatchObject({ personId: first.personId, seat: 1, replaced: null });
      await world.store.endStay({ meetingId: id, tokenHash: wish(id).tokenHash }, START_MS);
    });

    it('an identity gets the lowest free seat if another person took its own', async () => {
      const id = await world.created();
      const before = wish(id);
      await world.sit(id, before);
      await world.store.endStay(before, START_MS);
      expect((await world.sit(id)).seat).toBe(0);
      expect((await world.sit(id, { identityHash: before.identityHash, nowMs: START_MS + 1 })).seat).toBe(1);
    });

    it('an identity that comes back as a spectator frees its seat', async () => {
      const id = await world.created();
      const before = wish(id);
      await world.sit(id, before);
      const watching = await world.sit(id, { identityHash: before.identityHash, role: 'spectator' });
      expect(watching.replaced).toMatchObject({ seat: 0 });
      expect(watching.state).toMatchObject({ seated: [], spectators: 1 });
    });

    it('an identity is a different person in each meeting', async () => {
      const identityHash = randomUUID();
      const one = await world.sit(await world.created(), { identityHash });
      const other = await world.sit(await world.created(), { identityHash });
      expect(other.personId).not.toBe(one.personId);
    });
  });
}
