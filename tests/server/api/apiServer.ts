import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, systemScheduler, wallClock } from '@/lib/core/clock';
import { silentLog } from '@/lib/core/log';
import { ApiHandler, type ApiServices } from '@/server/api/apiHandler';
import { History } from '@/server/metrics/history';
import { MeetingError } from '@/server/services/meetings/meetingError';
import { MeetingFeeds } from '@/server/services/meetings/meetingFeeds';
import { MeetingService, type MeetingServiceParts } from '@/server/services/meetings/meetingService';
import { StayKeeper } from '@/server/services/meetings/stayKeeper';
import { Drain } from '@/server/services/ops/drain';
import { OpsService, type OpsServiceParts } from '@/server/services/ops/opsService';
import { Oversight, type OversightParts } from '@/server/services/ops/oversight';
import { RateLimits } from '@/server/services/rateLimits';
import { RecordingService } from '@/server/services/recordings/recordingService';
import { HUB_PLACE, jitsiCoordinates } from '@/server/services/tokens/jitsiCoordinates';
import { RecordingRights } from '@/server/services/tokens/recordingRights';
import type { MeetingStore } from '@/server/store/meetingStore';
import { FolderStorage } from '@/server/store/recordings/folderStorage';
import { MemoryMeetingStore } from '@/tests/support/memoryMeetingStore';
import { ROOMY } from '@/tests/support/recordingQuota';

/** What operators of the tests show. */
export const OPS_TOKEN = 'the token of an operator';

/** What operators may do on a site of the tests. */
export function opsService(
  site: OversightParts & Pick<OpsServiceParts, 'limits' | 'recordings'>,
  changes: Partial<OpsServiceParts> = {},
): OpsService {
  return new OpsService({
    token: OPS_TOKEN,
    version: '1.2.3',
    limits: site.limits,
    alerts: { firing: [], test: (url) => (url === null ? 0 : 1) },
    history: new History({ store: site.store.history, wall: wallClock }),
    oversight: new Oversight(site),
    recordings: site.recordings,
    avatars: { remove: () => Promise.reject(MeetingError.noSuchAvatar()) },
    drain: new Drain({
      census: () => site.store.census(),
      announce: () => {},
      scheduler: systemScheduler,
      log: silentLog,
    }),
    log: silentLog,
    ...changes,
  });
}

/** The API's services on a store, with readable tokens. */
export function apiServices(
  store: MeetingStore,
  changes: Partial<ApiServices> = {},
  noteFault: MeetingServiceParts['noteFault'] = () => {},
): ApiServices & { feeds: MeetingFeeds } {
  const feeds = new MeetingFeeds(store, 'high');
  const ending = { announce: () => {}, scheduler: systemScheduler, log: silentLog };
  const drain = new Drain({ census: () => store.census(), ...ending });
  const limits = new RateLimits(systemClock);
  const stays = new StayKeeper({ store, wall: wallClock, steady: systemClock });
  const settings = { mode: 'on', consent: 'tell', live: true, days: 30, quota: ROOMY } as const;
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
    issueToken: async ({ personId }) => `token of ${personId}`,
    coordinates: (origin, id) => jitsiCoordinates({ ...HUB_PLACE, url: origin }, id),
    noteFault,
    isDraining: () => drain.isOn,
  });
  const recordings = new RecordingService({
    store,
    feeds,
    limits,
    rights: new RecordingRights('the secret of a test', wallClock),
    storage: new FolderStorage(join(tmpdir(), 'parley-no-recordings')),
    stays,
    settings,
    log: silentLog,
  });
  const ops = opsService({ store, feeds, stays, limits, recordings }, { drain });
  return { meetings, recordings, ops, feeds, publicUrl: null, proxyHops: 0, log: silentLog, ...changes };
}

/** A real HTTP server around the API's handler, on a free loopback port. */
export async function serveApi(services: ApiServices, port = 0) {
  const api = new ApiHandler(services);
  let ended = 0;
  const server = createServer((request, response) => {
    response.once('close', () => {
      ended += 1;
    });
    if (!api.handleRequest(request, response)) response.writeHead(421).end();
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
    /** Requests that are over, answered or not. */
    requests: () => ended,
    /** Cuts every connection, as a broken cable does. */
    cut: () => server.closeAllConnections(),
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Serves services on a store in memory. */
export async function startApi(changes: Partial<ApiServices> = {}) {
  const store = new MemoryMeetingStore();
  const services = apiServices(store, changes);
  const server = await serveApi(services);
  return {
    ...server,
    services,
    store,
    async close() {
      services.feeds.close();
      await server.close();
      await store.close();
    },
  };
}
