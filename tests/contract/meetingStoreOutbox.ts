import { describe, expect, it } from 'vitest';
import type { FiringAlert, NewMessage } from '@/server/store/outboxStore';
import { START_MS, type StoreWorld } from './meetingStoreWorld';

/** Far from what other tests of the same database add. */
const FROM_MS = START_MS + 1e9;
let made = 0;

function message(subject = ''): NewMessage {
  made += 1;
  return { id: `msg_${made}`, url: 'http://receiver.test/hook', subject: subject || `${made}`, body: `{"n":${made}}` };
}

function alertOf(instance: string): FiringAlert {
  made += 1;
  const fingerprint = made.toString(16).padStart(16, '0');
  return {
    fingerprint,
    instance,
    labels: { alertname: 'Test' },
    annotations: { summary: '“ok”' },
    startsAtMs: FROM_MS,
  };
}

/** What every outbox does. */
export function outboxCases(world: StoreWorld): void {
  describe('messages on their way', () => {
    it('a message is taken once it is due, by one process at a time, and again only when its attempt has run out', async () => {
      const { outbox } = world.store;
      const [early, late] = [message(), message()];
      await outbox.add([early], FROM_MS);
      await outbox.add([late], FROM_MS + 1_000);
      expect(await outbox.queue()).toEqual({ depth: 2, oldestAtMs: FROM_MS });
      expect(await outbox.take(FROM_MS - 1, FROM_MS + 60_000, 10)).toEqual([]);
      expect(await outbox.take(FROM_MS, FROM_MS + 60_000, 10)).toEqual([
        { ...early, attempts: 0, createdAtMs: FROM_MS },
      ]);
      expect(await outbox.take(FROM_MS + 999, FROM_MS + 60_000, 10)).toEqual([]);
      expect((await outbox.take(FROM_MS + 60_000, FROM_MS + 90_000, 1)).map(({ id }) => id)).toEqual([late.id]);
      await outbox.postpone(early.id, 3, FROM_MS + 70_000);
      expect(await outbox.take(FROM_MS + 69_999, FROM_MS + 90_000, 10)).toEqual([]);
      expect(await outbox.take(FROM_MS + 70_000, FROM_MS + 90_000, 10)).toMatchObject([{ id: early.id, attempts: 3 }]);
      await outbox.remove(early.id);
      await outbox.remove(late.id);
      expect(await outbox.queue()).toEqual({ depth: 0, oldestAtMs: null });
    });

    it('messages about the same go to an address in their order, however long the first is postponed', async () => {
      const { outbox } = world.store;
      const [fires, ends, other] = [message('f'), message('f'), { ...message('f'), url: 'http://other.test/hook' }];
      await outbox.add([fires], FROM_MS);
      await outbox.add([ends, other], FROM_MS + 1);
      await outbox.postpone(fires.id, 1, FROM_MS + 70_000);
      const takenAt = async (ms: number) => (await outbox.take(ms, ms + 30_000, 10)).map(({ id }) => id);
      expect(await takenAt(FROM_MS + 10)).toEqual([other.id]);
      await outbox.remove(other.id);
      expect(await takenAt(FROM_MS + 70_000)).toEqual([fires.id]);
      expect(await takenAt(FROM_MS + 70_001)).toEqual([]);
      await outbox.remove(fires.id);
      expect(await takenAt(FROM_MS + 70_002)).toEqual([ends.id]);
      await outbox.remove(ends.id);
    });

    it('of many who take at once each message goes to exactly one', async () => {
      const { outbox } = world.store;
      const all = Array.from({ length: 40 }, message);
      await outbox.add(all, FROM_MS);
      const taken = await Promise.all(Array.from({ length: 8 }, () => outbox.take(FROM_MS, FROM_MS + 60_000, 10)));
      const ids = taken.flat().map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const rest = await outbox.take(FROM_MS, FROM_MS + 60_000, 40);
      expect([...ids, ...rest.map(({ id }) => id)].sort()).toEqual(all.map(({ id }) => id).sort());
      for (const { id } of all) await outbox.remove(id);
    });

    it('an alert fires with its messages and ends with them, as one process found it', async () => {
      const { outbox } = world.store;
      const alert = alertOf('a');
      const [fires, ends] = [message(), message()];
      await outbox.add([fires], FROM_MS, { kind: 'fires', alert });
      await outbox.add([], FROM_MS + 1, { kind: 'fires', alert: { ...alert, startsAtMs: FROM_MS + 1 } });
      expect(await outbox.firing('a')).toEqual([alert]);
      expect(await outbox.firing('b')).toEqual([]);
      await outbox.add([ends], FROM_MS + 2, { kind: 'ends', fingerprint: alert.fingerprint });
      expect(await outbox.firing('a')).toEqual([]);
      expect((await outbox.queue()).depth).toBe(2);
      for (const { id } of [fires, ends]) await outbox.remove(id);
    });
  });
}
