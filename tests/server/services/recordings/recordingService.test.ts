import { afterEach, describe, expect, it, vi } from 'vitest';
import type { MeetingEvent } from '@/lib/core/meeting';
import type { RecordingView } from '@/lib/core/recording';
import type { RecordingStorage } from '@/server/store/recordings/recordingStorage';
import { StoreError } from '@/server/store/storeError';
import { EventReader } from '@/tests/server/services/meetings/meetingWorld';
import { createRecordingWorld, ScriptedRecorder, settle } from './recordingWorld';

type World = Awaited<ReturnType<typeof createRecordingWorld>>;

const DAY_MS = 86_400_000;

describe('RecordingService', () => {
  const opened: World[] = [];
  afterEach(() => {
    for (const world of opened.splice(0)) world.close();
  });
  async function open(options: Parameters<typeof createRecordingWorld>[0] = {}): Promise<World> {
    const world = await createRecordingWorld(options);
    opened.push(world);
    return world;
  }

  /** A meeting with one person that is being recorded. */
  async function recorded(world: World) {
    const { id, hostToken } = await world.create();
    const ada = await world.join(id);
    const host = { id, hostToken };
    const recording = await world.recordings.start(host, world.caller());
    await settle();
    return { id, host, ada, recording };
  }

  /** The changes of recordings that an observer hears of, up to now. */
  async function changesSince(reader: EventReader, count: number): Promise<string[]> {
    const events = (await reader.take(count)) as MeetingEvent[];
    return events.map((event) => (event.type === 'recording' ? event.change : event.type));
  }

  describe('starting and stopping', () => {
    it('the host starts and stops, and everybody hears that it began, stopped and is ready', async () => {
      const world = await open();
      const { id, hostToken } = await world.create();
      await world.join(id);
      const reader = new EventReader(world, { id });
      await reader.next();
      const started = await world.recordings.start({ id, hostToken }, world.caller());
      expect(started).toMatchObject({ meetingId: id, state: 'recording', consent: 'tell', keptUntil: null });
      expect((await world.meetings.get(id, world.caller())).recording).toMatchObject({ id: started.id });
      await settle();
      world.recorder.keep(started.id);
      world.recorder.keep(started.id);
      expect(await world.recordings.get({ id: started.id, hostToken }, world.caller())).toMatchObject({
        durationS: 2,
        sizeBytes: 200,
      });
      const stopped = await world.recordings.stop({ id, hostToken }, world.caller());
      expect(stopped).toMatchObject({ id: started.id, state: 'ready', durationS: 2, sizeBytes: 200 });
      expect(await changesSince(reader, 3)).toEqual(['started', 'stopped', 'ready']);
      expect((await world.meetings.get(id, world.caller())).recording).toBeNull();
      await reader.drop();
    });

    it('a meeting that is being recorded goes on being recorded when somebody starts it again', async () => {
      const world = await open();
      const { host, recording } = await recorded(world);
      expect((await world.recordings.start(host, world.caller())).id).toBe(recording.id);
      await settle();
      expect(world.recorder.orders).toHaveLength(1);
    });

    it('the recorder learns who is there at the beginning, and what changes after', async () => {
      const world = await open();
      const { id, ada, recording } = await recorded(world);
      const bo = await world.join(id, { name: 'Bo' });
      await world.meetings.leave({ id, stayToken: bo.stayToken }, world.caller());
      await settle();
      const [order] = world.recorder.orders;
      expect(order).toMatchObject({ id: recording.id, meetingId: id, consent: 'tell', resumes: false });
      expect(order?.people.map((person) => person.id)).toEqual([ada.personId]);
      const heard = world.recorder.heard.filter(({ type }) => type !== 'recording').map(({ type }) => type);
      expect(heard).toEqual(['joined', 'left']);
    });

    it('a recorder that takes too long leaves the recording stopped, and it becomes ready later', async () => {
      const world = await open();
      const { host, recording } = await recorded(world);
      world.recorder.answers = false;
      expect(await world.recordings.stop(host, world.caller())).toMatchObject({ state: 'stopped' });
      expect(await world.recordings.get({ ...host, id: recording.id }, world.caller())).toMatchObject({
        state: 'stopped',
      });
      world.recorder.keep(recording.id);
      world.recorder.end(recording.id);
      await settle();
      expect(await world.recordings.get({ ...host, id: recording.id }, world.caller())).toMatchObject({
        state: 'ready',
      });
    });

    it('a recording that fails is announced with its cause, and the meeting goes on', async () => {
      const world = await open();
      const { id, host, recording } = await recorded(world);
      const reader = new EventReader(world, { id });
      await reader.next();
      world.recorder.keep(recording.id);
      world.recorder.end(recording.id, 'cannotSave');
      expect(await reader.next()).toMatchObject({ type: 'recording', change: 'failed', failure: 'cannotSave' });
      const views = await world.recordings.list(host, world.caller());
      expect(views).toMatchObject([{ id: recording.id, state: 'failed', failure: 'cannotSave', sizeBytes: 100 }]);
      expect(await world.meetings.get(id, world.caller())).toMatchObject({ endedAt: null, recording: null });
      expect((await world.recordings.start(host, world.caller())).id).not.toBe(recording.id);
      await reader.drop();
    });

    it('a recording of which nothing was kept has failed', async () => {
      const world = await open();
      const { host } = await recorded(world);
      expect(await world.recordings.stop(host, world.caller())).toMatchObject({
        state: 'failed',
        failure: 'interrupted',
      });
    });

    it('the end of the meeting ends its recording', async () => {
      const world = await open();
      const { id, host, recording } = await recorded(world);
      world.recorder.keep(recording.id);
      await world.meetings.end(host, world.caller());
      await settle();
      expect(await world.recordings.list(host, world.caller())).toMatchObject([{ meetingId: id, state: 'ready' }]);
    });

    it('a meeting that nobody sits in is recorded for two more minutes', async () => {
      const world = await open();
      const { id, host, ada, recording } = await recorded(world);
      world.recorder.keep(recording.id);
      const stateOf = async () => (await world.recordings.get({ ...host, id: recording.id }, world.caller())).state;
      world.pause(600_000);
      await world.recordings.sweep();
      expect(await stateOf()).toBe('recording');
      await world.meetings.leave({ id, stayToken: ada.stayToken }, world.caller());
      await settle();
      world.pause(119_000);
      await world.recordings.sweep();
      expect(await stateOf()).toBe('recording');
      world.pause(1000);
      await world.recordings.sweep();
      expect(await stateOf()).toBe('ready');
    });

    it('where recordings are off, a start is refused with the reason', async () => {
      const off = await open({ mode: 'off' });
      const { id, hostToken } = await off.create();
      const refused = (world: World, meeting: { id: string; hostToken: string }) =>
        expect(world.recordings.start(meeting, world.caller())).rejects;
      await refused(off, { id, hostToken }).toMatchObject({ reason: 'forbidden', data: { recordingReason: 'off' } });
      const always = off.meetings.create({ recordingStart: 'always' }, off.caller());
      await expect(always).rejects.toMatchObject({ data: { recordingReason: 'off' } });
    });

    it('a meeting that is not recorded, has ended or does not exist is refused with the reason', async () => {
      const world = await open();
      const { id, hostToken } = await world.create();
      const stop = world.recordings.stop({ id, hostToken }, world.caller());
      await expect(stop).rejects.toMatchObject({ reason: 'notFound', data: { recordingReason: 'notRunning' } });
      await world.meetings.end({ id, hostToken }, world.caller());
      await expect(world.recordings.start({ id, hostToken }, world.caller())).rejects.toMatchObject({
        reason: 'ended',
      });
      const unknown = world.recordings.start({ id: 'no-such-meeting', hostToken }, world.caller());
      await expect(unknown).rejects.toMatchObject({ reason: 'notFound' });
    });
  });

  describe('limits', () => {
    it.each([
      ['length', { maxMs: 3000 }],
      ['size', { maxBytes: 250 }],
    ] as const)('a recording that has reached its %s ends cleanly, and everybody hears why', async (limit, quota) => {
      const world = await open({ quota });
      const { id, host, recording } = await recorded(world);
      const reader = new EventReader(world, { id });
      await reader.next();
      for (let second = 0; second < 3; second += 1) world.recorder.keep(recording.id);
      expect(await reader.take(2)).toMatchObject([
        { type: 'recording', change: 'stopped', limit },
        { type: 'recording', change: 'ready', limit },
      ]);
      const ended = { state: 'ready', failure: null, limit, durationS: 3 };
      expect(await world.recordings.list(host, world.caller())).toMatchObject([ended]);
      await reader.drop();
    });

    it('a meeting has room for so much, an own one beside it for its own; what is deleted makes room', async () => {
      const world = await open({ quota: { meetingMaxBytes: 250 } });
      const { host, recording } = await recorded(world);
      for (let second = 0; second < 3; second += 1) world.recorder.keep(recording.id);
      await world.recordings.sweep();
      await settle();
      const [view] = await world.recordings.list(host, world.caller());
      expect(view).toMatchObject({ state: 'ready', limit: 'meeting' });
      const again = () => world.recordings.start(host, world.caller());
      await expect(again()).rejects.toMatchObject({ reason: 'unavailable', data: { recordingReason: 'noRoom' } });
      await recorded(world);
      await world.recordings.delete({ id: recording.id, hostToken: host.hostToken }, world.caller());
      expect(await again()).toMatchObject({ state: 'recording' });
    });

    it('the site has room for so much, finished and running together', async () => {
      const world = await open({ quota: { siteMaxBytes: 300 } });
      const first = await recorded(world);
      world.recorder.keep(first.recording.id);
      await world.recordings.stop(first.host, world.caller());
      const second = await recorded(world);
      await world.recordings.sweep();
      expect(await world.store.recordings.find(second.recording.id)).toMatchObject({ state: 'recording' });
      world.recorder.keep(second.recording.id);
      await world.recordings.sweep();
      await settle();
      expect(await world.store.recordings.find(second.recording.id)).toMatchObject({ reachedLimit: 'site' });
      await expect(recorded(world)).rejects.toMatchObject({ data: { recordingReason: 'noRoom' } });
    });

    it('some of the disk stays free: nothing begins, and what runs ends before it is full', async () => {
      const world = await open({ quota: { freeMinBytes: 1000 } });
      const free = vi.spyOn(world.storage, 'freeBytes').mockResolvedValue(1000);
      const { host, recording } = await recorded(world);
      world.recorder.keep(recording.id);
      await world.recordings.sweep();
      expect(await world.store.recordings.find(recording.id)).toMatchObject({ state: 'recording' });
      free.mockResolvedValue(999);
      await world.recordings.sweep();
      await settle();
      expect(await world.store.recordings.find(recording.id)).toMatchObject({ state: 'ready', reachedLimit: 'disk' });
      const start = world.recordings.start(host, world.caller());
      await expect(start).rejects.toMatchObject({ data: { recordingReason: 'noRoom' } });
      // A bucket says nothing of its room.
      free.mockResolvedValue(null as never);
      await world.recordings.start(host, world.caller());
    });

    it('while the storage does not say how much room there is, all goes on', async () => {
      const world = await open({ quota: { freeMinBytes: 1000 } });
      const { host, recording } = await recorded(world);
      world.recorder.keep(recording.id);
      const { hostToken } = host;
      await world.recordings.stop(host, world.caller());
      const other = await recorded(world);
      vi.spyOn(world.storage, 'freeBytes').mockRejectedValue(new StoreError('unavailable', 'away'));
      await expect(world.recordings.start(host, world.caller())).rejects.toMatchObject({ reason: 'unavailable' });
      world.pause(31 * DAY_MS);
      await world.recordings.sweep();
      const gone = world.recordings.get({ id: recording.id, hostToken }, world.caller());
      await expect(gone).rejects.toMatchObject({ reason: 'notFound' });
      expect(await world.store.recordings.find(other.recording.id)).toMatchObject({ state: 'recording' });
    });

    it('an address has so many recordings under way, by itself or by its meetings’ wish, and others as many', async () => {
      const world = await open({ quota: { atOnce: 2 } });
      const office = { ...world.caller(), ip: '192.0.2.1' };
      const begin = async () => {
        const { id, hostToken } = await world.create();
        await world.join(id);
        return world.recordings.start({ id, hostToken }, office);
      };
      const first = await begin();
      await begin();
      await expect(begin()).rejects.toMatchObject({ reason: 'tooManyRequests', data: { recordingReason: 'tooMany' } });
      const host = await recorded(world);
      expect(host.recording.state).toBe('recording');
      await world.recordings.start({ id: host.id, hostToken: host.host.hostToken }, office);
      await settle();
      world.recorder.end(first.id);
      await settle();
      await begin();
    });
  });

  describe('recording by itself', () => {
    it.each([
      ['the operator', 'always', undefined, true],
      ['the meeting', 'on', 'always', true],
      ['nobody', 'on', undefined, false],
    ] as const)(
      'a meeting that is always recorded, as %s wants it, begins with the first person who sits down',
      async (_who, mode, recordingStart, isRecorded) => {
        const world = await open({ mode });
        const { id } = await world.meetings.create({ recordingStart }, world.caller());
        await world.join(id, { role: 'spectator', name: '' });
        await settle();
        expect(world.recorder.orders).toEqual([]);
        await world.join(id);
        await world.join(id, { name: 'Bo' });
        await settle();
        expect(world.recorder.orders).toHaveLength(isRecorded ? 1 : 0);
      },
    );

    it('a meeting asks people before it records them if it was created so, or if the operator wants it', async () => {
      const world = await open({ consent: 'ask' });
      const { id, hostToken } = await world.create();
      expect(await world.recordings.start({ id, hostToken }, world.caller())).toMatchObject({ consent: 'ask' });
      const telling = await world.meetings.create({ recordingConsent: 'tell' }, world.caller());
      expect(await world.recordings.start(telling, world.caller())).toMatchObject({ consent: 'tell' });
    });

    it('a person’s word on being recorded reaches everybody and the recorder', async () => {
      const world = await open({ consent: 'ask' });
      const { id, ada } = await recorded(world);
      expect(world.recorder.orders[0]?.people[0]).not.toHaveProperty('agreesToRecording');
      const reader = new EventReader(world, { id });
      await reader.next();
      const stay = { id, stayToken: ada.stayToken };
      await world.recordings.agree({ ...stay, agrees: true }, world.caller());
      await world.recordings.agree({ ...stay, agrees: false }, world.caller());
      const told = (agreesToRecording: boolean) => ({
        type: 'changed',
        person: { id: ada.personId, agreesToRecording },
      });
      expect(await reader.take(2)).toMatchObject([told(true), told(false)]);
      await settle();
      expect(world.recorder.heard.filter(({ type }) => type === 'changed')).toMatchObject([told(true), told(false)]);
      await reader.drop();
    });
  });

  describe('interruptions', () => {
    it('a recorder that has started again is given everything to resume, with the people of now', async () => {
      const world = await open();
      const { id, ada, recording } = await recorded(world);
      await world.meetings.leave({ id, stayToken: ada.stayToken }, world.caller());
      const bo = await world.join(id, { name: 'Bo' });
      await settle();
      world.recorder.events.emit('restarted', {});
      await settle();
      const [, resumed, ...more] = world.recorder.orders;
      expect(more).toEqual([]);
      expect(resumed).toMatchObject({ id: recording.id, resumes: true, people: [{ id: bo.personId }] });
      world.recorder.keep(recording.id);
      expect(
        (await world.recordings.get({ id: recording.id, hostToken: 'x', right: '' }, world.caller()).catch((e) => e))
          .reason,
      ).toBe('forbidden');
    });

    it('the next process resumes recordings whose meetings go on, and finishes the others', async () => {
      const before = await open();
      const [going, over] = [await recorded(before), await recorded(before)];
      before.recordings.close();
      await before.store.endMeeting(over.id, (await before.store.hostOf(over.id))!, before.wall.nowMs());
      const recorder = new ScriptedRecorder();
      recorder.keep(going.recording.id);
      const after = await open({ store: before.store, recorder });
      await settle();
      const resumed = recorder.orders.map(({ id, resumes }) => [id, resumes]);
      expect(new Map(resumed as [string, boolean][])).toEqual(
        new Map([
          [going.recording.id, true],
          [over.recording.id, true],
        ]),
      );
      expect(recorder.stopped).toEqual([over.recording.id]);
      expect(await after.store.recordings.find(over.recording.id)).toMatchObject({ state: 'ready' });
      expect(await after.store.recordings.find(going.recording.id)).toMatchObject({ state: 'recording' });
    });

    it('an end that cannot be saved is saved once the database is back', async () => {
      const world = await open();
      const { host, recording } = await recorded(world);
      const { finish } = world.store.recordings;
      world.store.recordings.finish = async () => {
        throw new StoreError('unavailable', 'away');
      };
      world.recorder.keep(recording.id);
      await world.recordings.stop(host, world.caller());
      expect(await world.store.recordings.find(recording.id)).toMatchObject({ state: 'stopped' });
      world.store.recordings.finish = finish;
      await world.recordings.sweep();
      expect(await world.store.recordings.find(recording.id)).toMatchObject({ state: 'ready', sizeBytes: 100 });
    });
  });

  describe('rights', () => {
    async function finished(world: World) {
      const all = await recorded(world);
      world.recorder.keep(all.recording.id);
      const view = await world.recordings.stop(all.host, world.caller());
      return { ...all, view, own: { id: view.id, hostToken: all.host.hostToken } };
    }
    const rightIn = ({ replayUrl }: RecordingView) => replayUrl!.split('/').at(-1)!;

    it('only the host token opens a meeting’s recordings', async () => {
      const world = await open();
      const { id, host, view } = await finished(world);
      const { hostToken } = await world.create();
      const calls = [
        () => world.recordings.start({ id, hostToken }, world.caller()),
        () => world.recordings.stop({ id, hostToken }, world.caller()),
        () => world.recordings.list({ id, hostToken }, world.caller()),
        () => world.recordings.permit({ id, hostToken }, world.caller()),
        () => world.recordings.get({ id: view.id, hostToken }, world.caller()),
        () => world.recordings.share({ id: view.id, hostToken }, world.caller()),
        () => world.recordings.delete({ id: view.id, hostToken }, world.caller()),
        () => world.recordings.get({ id: view.id }, world.caller()),
        () => world.recordings.list({ id }, world.caller()),
      ];
      for (const call of calls) await expect(call()).rejects.toMatchObject({ reason: 'forbidden' });
      expect(await world.recordings.list(host, world.caller())).toMatchObject([{ id: view.id }]);
    });

    it('the link of a recording opens it and its files, and nothing else', async () => {
      const world = await open();
      const { id, view } = await finished(world);
      const right = rightIn(view);
      expect(view.filesUrl).toBe(`http://site/b/${right}/`);
      const seen = await world.recordings.get({ id: view.id, right }, world.caller());
      expect(seen).toEqual(view);
      expect(world.recordings.openFiles(right)).toEqual({ id: view.id, isLiveOnly: false });
      for (const call of [
        () => world.recordings.delete({ id: view.id, right }, world.caller()),
        () => world.recordings.share({ id: view.id, right }, world.caller()),
        () => world.recordings.start({ id, right }, world.caller()),
      ]) {
        await expect(call()).rejects.toMatchObject({ reason: 'forbidden' });
      }
      expect(() => world.recordings.openFiles(view.id)).toThrow(/no such recording/);
      expect(() => world.recordings.openFiles(`${right.slice(0, -1)}_`)).toThrow();
    });

    it('a shared link lasts its days and says so after', async () => {
      const world = await open();
      const { own, view } = await finished(world);
      const shared = await world.recordings.share({ ...own, days: 2 }, world.caller());
      const read = () => world.recordings.get({ id: view.id, right: shared.right }, world.caller());
      world.pause(2 * DAY_MS);
      expect(await read()).toMatchObject({ replayUrl: shared.replayUrl });
      world.pause(DAY_MS);
      await expect(read()).rejects.toMatchObject({ reason: 'tokenExpired', data: { recordingReason: 'linkExpired' } });
      expect(() => world.recordings.openFiles(shared.right)).toThrow(/no longer valid/);
    });

    it('anybody who knows the meeting may watch its recording as it is made, by an address of a day or two', async () => {
      const world = await open();
      const { id, hostToken } = await world.create();
      await world.join(id);
      const live = () => world.recordings.live({ id }, world.caller());
      await expect(live()).rejects.toMatchObject({ reason: 'notFound', data: { recordingReason: 'notRunning' } });
      await expect(world.recordings.live({ id: 'nowhere' }, world.caller())).rejects.toMatchObject({
        reason: 'notFound',
      });
      const recording = await world.recordings.start({ id, hostToken }, world.caller());
      const { filesUrl, ...seen } = await live();
      expect(seen).toEqual({ id: recording.id, startedAt: recording.startedAt, consent: 'tell', title: '' });
      expect((await live()).filesUrl).toBe(filesUrl);
      const right = filesUrl.split('/').at(-2)!;
      expect(world.recordings.openFiles(right)).toEqual({ id: recording.id, isLiveOnly: true });
      for (const call of [
        () => world.recordings.get({ id: recording.id, right }, world.caller()),
        () => world.recordings.delete({ id: recording.id, right }, world.caller()),
      ]) {
        await expect(call()).rejects.toMatchObject({ reason: 'forbidden' });
      }
      world.pause(2 * DAY_MS);
      expect(() => world.recordings.openFiles(right)).toThrow(/no longer valid/);
    });

    it('where the operator wants no live audience there is none, also by addresses from before', async () => {
      const before = await open();
      const { id } = await recorded(before);
      const { filesUrl } = await before.recordings.live({ id }, before.caller());
      const after = await open({ store: before.store, live: false });
      const refusal = { reason: 'forbidden', data: { recordingReason: 'liveOff' } };
      await expect(after.recordings.live({ id }, after.caller())).rejects.toMatchObject(refusal);
      const right = filesUrl.split('/').at(-2)!;
      expect(() => after.recordings.openFiles(right)).toThrow(/can’t be watched live/);
    });

    it('those who watch it as it is made learn how late its segments come', async () => {
      const world = await open();
      const { recording } = await recorded(world);
      const late = async (ms: number) => {
        world.pause(1000 + ms);
        world.recorder.keep(recording.id);
        world.pause(-ms);
        return (await world.recordings.liveState(recording.id)).delayMs;
      };
      expect(await late(40)).toBe(40);
      expect(await late(90)).toBe(90);
      expect(await late(30)).toBe(90);
      for (let second = 0; second < 29; second += 1) await late(20);
      expect(await late(20)).toBe(20);
      expect(await late(70_000)).toBe(1000);
    });

    it('the right to manage shares and deletes', async () => {
      const world = await open();
      const { own, view } = await finished(world);
      const { right } = await world.recordings.share({ ...own, to: 'manage' }, world.caller());
      await world.recordings.share({ id: view.id, right }, world.caller());
      await world.recordings.delete({ id: view.id, right }, world.caller());
      await expect(world.recordings.get(own, world.caller())).rejects.toMatchObject({ reason: 'notFound' });
    });

    it('what a right to manage gives on never outlives it, and its link gives no more than to watch', async () => {
      const world = await open();
      const { own, view } = await finished(world);
      const parent = await world.recordings.share({ ...own, to: 'manage', days: 2 }, world.caller());
      const { right } = parent;
      const again = await world.recordings.share({ id: view.id, right, to: 'manage', days: 365 }, world.caller());
      expect(again.expiresAt).toBe(parent.expiresAt);
      const watched = rightIn(await world.recordings.get({ id: view.id, right }, world.caller()));
      const deletion = world.recordings.delete({ id: view.id, right: watched }, world.caller());
      await expect(deletion).rejects.toMatchObject({ reason: 'forbidden' });
      world.pause(3 * DAY_MS);
      for (const each of [again.right, watched]) {
        const late = world.recordings.get({ id: view.id, right: each }, world.caller());
        await expect(late).rejects.toMatchObject({ reason: 'tokenExpired' });
      }
    });

    it('the right to record opens no recording but one that it has begun, and that no longer than it lasts', async () => {
      const world = await open();
      const { id, host, view } = await finished(world);
      const { right } = await world.recordings.permit({ ...host, days: 1 }, world.caller());
      const allowed = { id, right };
      const noLinks = { replayUrl: null, filesUrl: null };
      expect(await world.recordings.list(allowed, world.caller())).toMatchObject([{ id: view.id, ...noLinks }]);

      const own = await world.recordings.start(allowed, world.caller());
      expect(world.recordings.openFiles(rightIn(own))).toEqual({ id: own.id, isLiveOnly: false });
      world.recorder.keep(own.id);
      expect(await world.recordings.stop(allowed, world.caller())).toMatchObject({ id: own.id, ...noLinks });

      const { id: hosts } = await world.recordings.start(host, world.caller());
      expect(await world.recordings.start(allowed, world.caller())).toMatchObject({ id: hosts, ...noLinks });
      world.pause(2 * DAY_MS);
      expect(() => world.recordings.openFiles(rightIn(own))).toThrow(/no longer valid/);
    });

    it('the right to record is of one meeting, and not of the next that has its id', async () => {
      const world = await open();
      const { id, host } = await recorded(world);
      const { right } = await world.recordings.permit({ ...host, days: 365 }, world.caller());
      const allowed = { id, right };
      await world.recordings.stop(allowed, world.caller());
      await world.recordings.start(allowed, world.caller());
      expect(await world.recordings.list(allowed, world.caller())).toHaveLength(2);
      await world.meetings.end(host, world.caller());
      await world.store.forget(world.wall.nowMs() + 1);
      await world.meetings.create({ id }, world.caller());
      await expect(world.recordings.start(allowed, world.caller())).rejects.toMatchObject({ reason: 'forbidden' });
    });

    it('guessing recordings counts as guessing meetings', async () => {
      const world = await open();
      const caller = world.caller();
      const guess = (n: number) =>
        world.recordings
          .get({ id: n.toString(16).padStart(32, '0'), hostToken: 'x' }, caller)
          .catch(({ reason }) => reason);
      const reasons = [];
      for (let n = 0; n < 12; n += 1) reasons.push(await guess(n));
      expect(reasons).toEqual([...Array(10).fill('notFound'), 'tooManyRequests', 'tooManyRequests']);
    });
  });

  describe('deletion', () => {
    async function withFiles(world: World) {
      const all = await recorded(world);
      const file = await world.storage.open(all.recording.id, 'segments');
      await file.append(new Uint8Array(100));
      await file.close();
      world.recorder.keep(all.recording.id);
      return { ...all, own: { id: all.recording.id, hostToken: all.host.hostToken } };
    }

    it('a deleted recording and its files are gone at once, also while it is being made', async () => {
      const world = await open();
      const { id, host, own, recording } = await withFiles(world);
      await world.recordings.delete(own, world.caller());
      expect(world.recorder.stopped).toEqual([recording.id]);
      expect(await world.storage.list()).toEqual([]);
      expect(await world.recordings.list(host, world.caller())).toEqual([]);
      expect((await world.meetings.get(id, world.caller())).recording).toBeNull();
      const again = world.recordings.delete(own, world.caller());
      await expect(again).rejects.toMatchObject({ reason: 'notFound', data: { recordingReason: 'unknown' } });
      expect(await world.store.recordings.discarded()).toEqual([]);
    });

    it('files that cannot be deleted now are deleted later, and nobody finds them meanwhile', async () => {
      const world = await open();
      const { own } = await withFiles(world);
      const { filesUrl } = await world.recordings.get(own, world.caller());
      const right = filesUrl!.split('/').filter(Boolean).at(-1)!;
      expect(world.recordings.openFiles(right)).toMatchObject({ id: own.id });
      const { remove } = world.storage;
      (world.storage as { remove: RecordingStorage['remove'] }).remove = async () => {
        throw new StoreError('unavailable', 'away');
      };
      await world.recordings.delete(own, world.caller());
      await expect(world.recordings.get(own, world.caller())).rejects.toMatchObject({ reason: 'notFound' });
      await world.recordings.sweep();
      expect(await world.storage.list()).toEqual([own.id]);
      expect(() => world.recordings.openFiles(right)).toThrowError(expect.objectContaining({ reason: 'notFound' }));
      (world.storage as { remove: RecordingStorage['remove'] }).remove = remove;
      await world.recordings.sweep();
      expect(await world.storage.list()).toEqual([]);
      expect(await world.store.recordings.discarded()).toEqual([]);
    });

    it('a deleted recording whose recorder is slow to end keeps no file that comes late', async () => {
      const world = await open();
      const { own } = await withFiles(world);
      world.recorder.answers = false;
      await world.recordings.delete(own, world.caller());
      const file = await world.storage.open(own.id, 'segments');
      await file.append(new Uint8Array(100));
      await file.close();
      world.recorder.end(own.id);
      await settle();
      await world.recordings.sweep();
      expect(await world.storage.list()).toEqual([]);
      expect(await world.store.recordings.discarded()).toEqual([]);
    });

    it('recordings are deleted after their days', async () => {
      const world = await open();
      const { host, own } = await withFiles(world);
      const { keptUntil } = await world.recordings.stop(host, world.caller());
      expect(Date.parse(keptUntil!) - world.wall.nowMs()).toBe(30 * DAY_MS);
      world.pause(30 * DAY_MS - 1);
      await world.recordings.sweep();
      expect(await world.storage.list()).toEqual([own.id]);
      world.pause(2);
      await world.recordings.sweep();
      expect(await world.storage.list()).toEqual([]);
    });
  });
});
