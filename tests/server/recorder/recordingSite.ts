import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { systemClock, wallClock } from '@/lib/core/clock';
import { Emitter } from '@/lib/core/emitter';
import { silentLog } from '@/lib/core/log';
import { Alerts } from '@/server/alerts/alerts';
import { ApiHandler } from '@/server/api/apiHandler';
import { RecordingFiles } from '@/server/files/recordingFiles';
import { openThread } from '@/server/modules';
import type { Recorder, RecorderEvents } from '@/server/recorder/recorderContract';
import { SpectatorRecorder } from '@/server/recorder/spectators/spectatorRecorder';
import { openRecorder, TapRecorder } from '@/server/recorder/tapRecorder';
import { MeetingFeeds } from '@/server/services/meetings/meetingFeeds';
import { MeetingService } from '@/server/services/meetings/meetingService';
import { StayKeeper } from '@/server/services/meetings/stayKeeper';
import { RateLimits } from '@/server/services/rateLimits';
import { RecordingService } from '@/server/services/recordings/recordingService';
import { HUB_PLACE, jitsiCoordinates } from '@/server/services/tokens/jitsiCoordinates';
import { RecordingRights } from '@/server/services/tokens/recordingRights';
import { FolderStorage } from '@/server/store/recordings/folderStorage';
import { opsService } from '@/tests/server/api/apiServer';
import { LOOPBACK_MEDIA, startTestHub } from '@/tests/server/hub/testHub';
import { MemoryMeetingStore } from '@/tests/support/memoryMeetingStore';
import { ROOMY } from '@/tests/support/recordingQuota';

/**
 * A site without pages: API, hub with media, recorder with its thread, and the files of recordings. With `isStock` the hub stands
 * for a Jitsi deployment as it comes, which spectators record.
 */
export async function startRecordingSite({ isStock = false } = {}) {
  const store = new MemoryMeetingStore();
  const folder = mkdtempSync(join(tmpdir(), 'parley-recorded-'));
  const storage = new FolderStorage(folder);
  const hub = await startTestHub({ media: LOOPBACK_MEDIA, ...(isStock && { jicofo: {} }) });
  const jitsiUrl = `http://127.0.0.1:${hub.port}`;
  const feeds = new MeetingFeeds(store, 'high');
  const limits = new RateLimits(systemClock);
  const stays = new StayKeeper({ store, wall: wallClock, steady: systemClock });
  const settings = { mode: 'on', consent: 'tell', live: true, days: 30, quota: ROOMY } as const;
  const identity = isStock ? 'claimed' : 'enforced';
  const coordinatesOf = (id: string) => jitsiCoordinates({ ...HUB_PLACE, url: jitsiUrl, identity }, id);
  const meetings = new MeetingService({
    store,
    feeds,
    stays,
    limits,
    requireAvatar: async () => {},
    maxParticipants: 16,
    watchMax: 200,
    bandwidthMaxBps: 1_500_000,
    recordings: settings,
    issueToken: async ({ room: name, personId, role }) => hub.tokens.issue(personId, { room: name, role }),
    noteFault: () => {},
    coordinates: (_origin, id) => coordinatesOf(id),
  });
  const recordings = new RecordingService({
    store,
    feeds,
    limits,
    rights: new RecordingRights('the secret of a test', wallClock),
    storage,
    stays,
    settings,
    log: silentLog,
  });

  const place = { kind: 'folder', path: folder } as const;
  const spectatorThreads: Worker[] = [];
  const spectators = new SpectatorRecorder({
    place,
    passOf: async (room) => ({
      coordinates: coordinatesOf(room),
      joinToken: hub.tokens.issue('recorder', { room, role: 'spectator' }),
    }),
    logSettings: { level: 'error', format: 'text' },
    log: silentLog,
    open: (module, options) => {
      spectatorThreads.push(openThread(module, options));
      return spectatorThreads.at(-1)!;
    },
  });
  const threads: Worker[] = [];
  const events = new Emitter<RecorderEvents>();
  const hubRecorder = new TapRecorder({
    conferences: hub.hub,
    place,
    clock: systemClock,
    wall: wallClock,
    log: silentLog,
    onNews: ({ kind, ...news }) => events.emit(kind, news as RecorderEvents[typeof kind]),
    open: (place) => {
      threads.push(openRecorder(place));
      return threads.at(-1)!;
    },
  });
  const recorder: Recorder = {
    events,
    start: (order) => hubRecorder.start(order),
    follow: (id, event) => hubRecorder.follow(id, event),
    stop: (id) => hubRecorder.stop(id),
  };
  await recordings.useRecorder(isStock ? spectators : recorder);

  const alerts = new Alerts({
    env: {
      alertWebhookUrls: [],
      alertWebhookSecret: null,
      alertWebhookPrivate: false,
      instance: 'test',
      publicUrl: null,
      maxBandwidthBps: 1_500_000,
    },
    store: store.outbox,
    wall: wallClock,
    siteSecret: 'the secret of a test',
    metrics: { messageHandled: () => {} },
    log: silentLog,
  });
  alerts.start();
  const ops = opsService({ store, feeds, stays, limits, recordings }, { alerts });
  const site = { meetings, recordings, ops, limits, publicUrl: null, proxyHops: 0, log: silentLog };
  const handlers = [new ApiHandler(site), new RecordingFiles(site)];
  const server = createServer((request, response) => {
    if (!handlers.some((handler) => handler.handleRequest(request, response))) response.writeHead(421).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    hub,
    storage,
    /** Kills the recorder's thread. */
    killThread: () => (isStock ? spectatorThreads : threads).at(-1)!.terminate(),
    async close() {
      alerts.close();
      recordings.close();
      feeds.close();
      await Promise.all([hubRecorder.close(), spectators.close()]);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await hub.close();
      await store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
