import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MeetingStore, StayKey } from '@/server/store/meetingStore';
import { historyCases } from './meetingStoreHistory';
import { outboxCases } from './meetingStoreOutbox';
import { recordingCases } from './meetingStoreRecordings';
import { seatCases } from './meetingStoreSeats';
import { stayCases } from './meetingStoreStays';
import { LIFE_MS, newMeeting, START_MS, StoreWorld, wish } from './meetingStoreWorld';

/** The contract of every meeting store. `open` gives a new, migrated one. */
export function meetingStoreContract(open: () => Promise<MeetingStore>): void {
  const world = new StoreWorld(open);
  beforeAll(() => world.open(), 60_000);
  afterAll(() => world.close());

  describe('meetings', () => {
    it('a created meeting can be found as it was created', async () => {
      const id = await world.created({ title: '早会 "x"', maxParticipants: 5 });
      expect(await world.store.findMeeting(id)).toEqual({
        id,
        title: '早会 "x"',
        maxParticipants: 5,
        createdAtMs: START_MS,
        endedAtMs: null,
        seated: [],
        spectators: 0,
        recordingStart: 'byHost',
        recordingConsent: 'tell',
        recording: null,
      });
    });

    it('an id that was never created is not found and cannot be joined', async () => {
      expect(await world.store.findMeeting('never-created')).toBeNull();
      expect(await world.join('never-created')).toEqual({ kind: 'notFound' });
    });

    it('of many concurrent creations of one id exactly one succeeds', async () => {
      const meeting = newMeeting();
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => world.store.createMeeting(meeting)));
      expect(outcomes.filter((outcome) => outcome === 'created')).toHaveLength(1);
    });

    it('only the host token ends a meeting, once, and it stays known as ended', async () => {
      const id = await world.created();
      const { tokenHash } = wish(id);
      await world.sit(id, { tokenHash });
      expect(await world.store.endMeeting(id, 'not-the-host', START_MS + 1)).toEqual({ kind: 'forbidden' });
      expect(await world.store.endMeeting(id, `host-${id}`, START_MS + 2)).toEqual({
        kind: 'ended',
        endedAtMs: START_MS + 2,
      });
      expect(await world.store.endMeeting(id, `host-${id}`, START_MS + 3)).toEqual({
        kind: 'alreadyEnded',
        endedAtMs: START_MS + 2,
      });
      expect(await world.store.endMeeting('never-created', 'x', START_MS)).toEqual({ kind: 'notFound' });
      expect(await world.join(id)).toEqual({ kind: 'ended' });
      expect(await world.store.createMeeting(newMeeting({ id }))).toBe('exists');
      expect(await world.store.findMeeting(id)).toMatchObject({ endedAtMs: START_MS + 2, seated: [] });
      const over = await world.store.extendStay({ meetingId: id, tokenHash }, START_MS + 4, START_MS + LIFE_MS);
      expect(over).toEqual({ kind: 'over', reason: 'meetingEnded' });
    });
  });

  seatCases(world);
  recordingCases(world);
  outboxCases(world);
  historyCases(world);
  stayCases(world);

  describe('retention', () => {
    const DAY_MS = 86_400_000;

    it('a meeting is idle once its last person left long enough ago, or else once it was created long enough ago, and ends only then', async () => {
      const unused = await world.created();
      const [left, inside] = [await world.created(), await world.created()];
      const stay = wish(left);
      await world.sit(left, stay);
      await world.store.endStay(stay, START_MS + 5);
      await world.sit(inside, { expiresAtMs: START_MS + 10 * DAY_MS });
      const idle = async (leftMs: number, createdMs: number) => {
        const ids = await world.store.idleMeetings({ leftMs, createdMs });
        return [unused, left, inside].filter((id) => ids.includes(id));
      };
      const nowMs = START_MS + DAY_MS;
      expect(await idle(START_MS + 5, START_MS)).toEqual([]);
      expect(await idle(START_MS + 5, START_MS + 1)).toEqual([unused]);
      expect(await idle(START_MS + 6, START_MS)).toEqual([left]);
      expect(await idle(nowMs, nowMs)).toEqual([unused, left]);
      const since = { leftMs: START_MS + 6, createdMs: START_MS };
      expect(await world.store.endIdle(inside, { leftMs: nowMs, createdMs: nowMs }, nowMs)).toBe(false);
      expect(await world.store.endIdle(unused, since, nowMs)).toBe(false);
      expect(await world.store.endIdle(left, { leftMs: START_MS + 5, createdMs: nowMs }, nowMs)).toBe(false);
      expect(await world.store.endIdle(left, since, nowMs)).toBe(true);
      expect(await world.store.endIdle(left, since, nowMs)).toBe(false);
      expect(await world.store.endIdle('never-created', since, nowMs)).toBe(false);
      expect(await world.store.findMeeting(left)).toMatchObject({ endedAtMs: nowMs });
      expect(await world.join(left)).toEqual({ kind: 'ended' });
    });

    it('a meeting that ends as idle while people join has either ended or people', async () => {
      for (let round = 0; round < 20; round += 1) {
        const id = await world.created();
        const nowMs = START_MS + DAY_MS;
        const [joined, ended] = await Promise.all([
          world.join(id, { nowMs, expiresAtMs: nowMs + LIFE_MS }),
          world.store.endIdle(id, { leftMs: nowMs, createdMs: nowMs }, nowMs),
        ]);
        expect(joined.kind).toBe(ended ? 'ended' : 'joined');
      }
    });

    it('names, stays and meetings that ended long ago are deleted, and their ids are free again', async () => {
      const [old, recent, open] = [await world.created(), await world.created(), await world.created()];
      const [oldStay, recentStay, gone, here] = [wish(old), wish(recent), wish(open), wish(open)];
      for (const stay of [oldStay, recentStay, gone, here]) await world.sit(stay.meetingId, stay);
      await world.store.endStay(gone, START_MS + 1);
      await world.store.endMeeting(old, `host-${old}`, START_MS + 1);
      await world.store.endMeeting(recent, `host-${recent}`, START_MS + DAY_MS);
      await world.store.forget(START_MS + 2);
      expect(await world.store.findMeeting(old)).toBeNull();
      expect(await world.store.findMeeting(recent)).toMatchObject({ endedAtMs: START_MS + DAY_MS });
      expect(await world.store.findMeeting(open)).toMatchObject({ seated: [{ seat: 1 }] });
      const stateOf = (key: StayKey) => world.store.extendStay(key, START_MS, START_MS + LIFE_MS);
      expect(await stateOf(oldStay)).toEqual({ kind: 'unknown' });
      expect(await stateOf(gone)).toEqual({ kind: 'unknown' });
      expect(await stateOf(recentStay)).toMatchObject({ kind: 'over' });
      expect(await stateOf(here)).toMatchObject({ kind: 'live' });
      expect(await world.store.createMeeting(newMeeting({ id: old }))).toBe('created');
      expect(await world.store.createMeeting(newMeeting({ id: recent }))).toBe('exists');
    });
  });
}
