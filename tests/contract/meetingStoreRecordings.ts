import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { NewMeeting } from '@/server/store/meetingStore';
import type { RecordingRecord } from '@/server/store/recordingStore';
import { START_MS, type StoreWorld } from './meetingStoreWorld';

const END = { durationMs: 9000, sizeBytes: 5_000_000_000, failure: null, nowMs: START_MS + 10_000 };

const newId = () => randomUUID().replaceAll('-', '');

/** What is kept of recordings. */
export function recordingCases(world: StoreWorld): void {
  const meeting = (changes: Partial<NewMeeting> = {}) => world.created({ title: '早会', ...changes });
  async function started(meetingId: string, nowMs = START_MS): Promise<RecordingRecord> {
    const outcome = await world.store.recordings.start({ id: newId(), meetingId, nowMs });
    if (outcome.kind !== 'started') throw new Error(`expected a start, got ${outcome.kind}`);
    return outcome.recording;
  }
  const found = async (id: string) => (await world.store.recordings.find(id))?.state ?? null;

  describe('recordings', () => {
    it('the newest recordings of all meetings are listed, without those that are discarded', async () => {
      const later = START_MS + 1e10;
      const [old, recent, discarded] = [
        await started(await meeting(), later),
        await started(await meeting(), later + 2),
        await started(await meeting(), later + 1),
      ];
      await world.store.recordings.discard(discarded.id);
      expect(await world.store.recordings.newest(2)).toEqual([recent, old]);
      expect(await world.store.recordings.newest(1)).toEqual([recent]);
    });

    it('a recording begins with the title, host and consent of its meeting, which lists it', async () => {
      const meetingId = await meeting({ recordingConsent: 'ask' });
      const recording = await started(meetingId, START_MS + 5);
      expect(recording).toEqual({
        id: recording.id,
        meetingId,
        title: '早会',
        hostTokenHash: `host-${meetingId}`,
        consent: 'ask',
        state: 'recording',
        startedAtMs: START_MS + 5,
        stoppedAtMs: null,
        durationMs: 0,
        sizeBytes: 0,
        failure: null,
        reachedLimit: null,
      });
      expect(await world.store.recordings.find(recording.id)).toEqual(recording);
      const running = { id: recording.id, startedAtMs: START_MS + 5, consent: 'ask' };
      expect((await world.store.findMeeting(meetingId))?.recording).toEqual(running);
      expect(await world.store.recordings.unfinished()).toContainEqual(recording);
    });

    it('a meeting that is unknown or over is not recorded', async () => {
      const start = (meetingId: string) => world.store.recordings.start({ id: newId(), meetingId, nowMs: START_MS });
      expect(await start('never-created')).toEqual({ kind: 'notFound' });
      const meetingId = await meeting();
      await world.store.endMeeting(meetingId, `host-${meetingId}`, START_MS);
      expect(await start(meetingId)).toEqual({ kind: 'ended' });
    });

    it('of many concurrent requests to record a meeting exactly one begins, and the others get that one', async () => {
      const meetingId = await meeting();
      const asked = Array.from({ length: 8 }, () =>
        world.store.recordings.start({ id: newId(), meetingId, nowMs: START_MS }),
      );
      const outcomes = await Promise.all(asked);
      expect(outcomes.filter(({ kind }) => kind === 'started')).toHaveLength(1);
      expect(outcomes.filter(({ kind }) => kind === 'running')).toHaveLength(7);
      const ids = outcomes.map((outcome) => ('recording' in outcome ? outcome.recording.id : null));
      expect(new Set(ids).size).toBe(1);
    });

    it('a recording is stopped once and finished once, and the meeting can then be recorded again', async () => {
      const meetingId = await meeting();
      const { id } = await started(meetingId);
      expect(await world.store.recordings.stop(id, START_MS + 9000)).toMatchObject({
        state: 'stopped',
        stoppedAtMs: START_MS + 9000,
      });
      expect(await world.store.recordings.stop(id, START_MS + 9500)).toBeNull();
      expect((await world.store.findMeeting(meetingId))?.recording).toBeNull();
      const second = await started(meetingId, START_MS + 9600);
      const finished = { state: 'ready', stoppedAtMs: START_MS + 9000, durationMs: 9000, sizeBytes: 5_000_000_000 };
      expect(await world.store.recordings.finish(id, END)).toMatchObject(finished);
      expect(await world.store.recordings.finish(id, { ...END, sizeBytes: 1 })).toBeNull();
      expect(await world.store.recordings.find(id)).toMatchObject(finished);
      const unfinished = (await world.store.recordings.unfinished()).map((recording) => recording.id);
      expect([id, second.id].map((each) => unfinished.includes(each))).toEqual([false, true]);
      const own = await world.store.recordings.ofHost(meetingId, `host-${meetingId}`);
      expect(own.map((recording) => recording.id)).toEqual([second.id, id]);
    });

    it('a recording that a limit ends says so, and all recordings are counted by their bytes', async () => {
      const before = await world.store.recordings.totalBytes();
      const [limited, discarded] = [await started(await meeting()), await started(await meeting())];
      const stopped = await world.store.recordings.stop(limited.id, START_MS + 9000, 'length');
      expect(stopped).toMatchObject({ state: 'stopped', reachedLimit: 'length' });
      const finished = await world.store.recordings.finish(limited.id, END);
      expect(finished).toMatchObject({ state: 'ready', reachedLimit: 'length' });
      await world.store.recordings.finish(discarded.id, END);
      expect((await world.store.recordings.totalBytes()) - before).toBe(2 * END.sizeBytes);
      await world.store.recordings.discard(discarded.id);
      expect((await world.store.recordings.totalBytes()) - before).toBe(END.sizeBytes);
    });

    it('a running recording that fails is over at that moment', async () => {
      const meetingId = await meeting();
      const { id } = await started(meetingId);
      const failed = await world.store.recordings.finish(id, { ...END, failure: 'cannotSave' });
      expect(failed).toMatchObject({ state: 'failed', failure: 'cannotSave', stoppedAtMs: END.nowMs });
      expect((await world.store.findMeeting(meetingId))?.recording).toBeNull();
      expect(await world.store.recordings.finish('never-begun', END)).toBeNull();
      expect(await world.store.recordings.stop('never-begun', START_MS)).toBeNull();
    });

    it('only the host of the meeting finds its recordings, also when another meeting has the same id', async () => {
      const meetingId = await meeting();
      const { id } = await started(meetingId);
      await world.store.recordings.finish(id, END);
      expect(await world.store.recordings.ofHost(meetingId, 'another host')).toEqual([]);
      await world.store.endMeeting(meetingId, `host-${meetingId}`, START_MS + 1);
      await world.store.forget(START_MS + 2);
      await meeting({ id: meetingId, hostTokenHash: 'the next host' });
      expect(await world.store.recordings.ofHost(meetingId, 'the next host')).toEqual([]);
      expect(await world.store.recordings.ofHost(meetingId, `host-${meetingId}`)).toMatchObject([{ id }]);
    });

    it('a discarded recording is listed only for the deletion of its files, until it is forgotten', async () => {
      const meetingId = await meeting();
      const { id } = await started(meetingId);
      await world.store.recordings.forget(id);
      expect(await found(id)).toBe('recording');
      expect(await world.store.recordings.discard(id)).toBe(true);
      expect(await world.store.recordings.discard(id)).toBe(false);
      expect(await found(id)).toBeNull();
      expect(await world.store.recordings.ofHost(meetingId, `host-${meetingId}`)).toEqual([]);
      expect((await world.store.findMeeting(meetingId))?.recording).toBeNull();
      expect((await world.store.recordings.unfinished()).map((recording) => recording.id)).not.toContain(id);
      expect(await world.store.recordings.finish(id, END)).toBeNull();
      expect(await world.store.recordings.discarded()).toContain(id);
      await started(meetingId);
      await world.store.recordings.forget(id);
      expect(await world.store.recordings.discarded()).not.toContain(id);
    });

    it('recordings that stopped long ago are discarded, and running ones never', async () => {
      const [old, recent, failed] = [
        await started(await meeting()),
        await started(await meeting()),
        await started(await meeting()),
      ];
      const running = await started(await meeting(), START_MS - 1_000_000);
      await world.store.recordings.stop(old.id, START_MS + 1);
      await world.store.recordings.finish(old.id, END);
      await world.store.recordings.finish(failed.id, { ...END, failure: 'recorder', nowMs: START_MS + 1 });
      await world.store.recordings.stop(recent.id, START_MS + 2);
      await world.store.recordings.finish(recent.id, END);
      await world.store.recordings.discardOlder(START_MS + 2);
      expect(await found(old.id)).toBeNull();
      expect(await found(failed.id)).toBeNull();
      expect(await found(recent.id)).toBe('ready');
      expect(await found(running.id)).toBe('recording');
    });

    it('the host of a meeting is known as long as the meeting is', async () => {
      const meetingId = await meeting();
      expect(await world.store.hostOf(meetingId)).toBe(`host-${meetingId}`);
      expect(await world.store.hostOf('never-created')).toBeNull();
    });

    it('a person’s word on being recorded is listed with them, can change, and is kept by the stay that takes over', async () => {
      const meetingId = await meeting({ recordingConsent: 'ask', recordingStart: 'always' });
      expect(await world.store.findMeeting(meetingId)).toMatchObject({
        recordingConsent: 'ask',
        recordingStart: 'always',
      });
      const ada = {
        role: 'participant',
        name: 'Ada',
        avatar: 'ada',
        identityHash: 'ada',
        newPersonId: newId(),
        spectatorsMax: 100,
      } as const;
      const sit = (tokenHash: string, nowMs: number) =>
        world.store.join({ meetingId, tokenHash, ...ada, nowMs, expiresAtMs: nowMs + 15_000 });
      const words = async () =>
        (await world.store.findMeeting(meetingId))?.seated.map((person) => person.agreesToRecording);
      const [first, second] = [newId(), newId()];
      await sit(first, START_MS);
      expect(await words()).toEqual([null]);
      await world.store.changeStay({ meetingId, tokenHash: first }, { agreesToRecording: true }, START_MS + 1);
      await world.store.changeStay({ meetingId, tokenHash: first }, { name: 'Ada L.' }, START_MS + 1);
      expect(await words()).toEqual([true]);
      await sit(second, START_MS + 2);
      expect(await words()).toEqual([true]);
      await world.store.changeStay({ meetingId, tokenHash: second }, { agreesToRecording: false }, START_MS + 3);
      expect(await words()).toEqual([false]);
      await world.store.endStay({ meetingId, tokenHash: second }, START_MS + 4);
      await sit(newId(), START_MS + 5);
      expect(await words()).toEqual([null]);
    });
  });
}
