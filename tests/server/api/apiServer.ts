import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock, wallClock } from '@/lib/core/clock';
import { silentLog } from '@/lib/core/log';
import { ApiHandler, type ApiServices } from '@/server/api/apiHandler';
import { MeetingFeeds } from '@/server/services/meetings/meetingFeeds';
import { MeetingService, type MeetingServiceParts } from '@/server/services/meetings/meetingService';
import { StayKeeper } from '@/server/services/meetings/stayKeeper';
import { RateLimits } from '@/server/services/rateLimits';
import { HUB_PLACE, jitsiCoordinates } from '@/server/services/tokens/jitsiCoordinates';
import type { MeetingStore } from '@/server/store/meetingStore';
import { MemoryMeetingStore } from '@/tests/support/memoryMeetingStore';

/** The API's services on a store, with readable tokens. */
export function apiServices(
  store: MeetingStore,
  changes: Partial<ApiServices> = {},
  noteFault: MeetingServiceParts['noteFault'] = () => {},
): ApiServices & { feeds: MeetingFeeds } {
  const feeds = new MeetingFeeds(store, 'high');
  const meetings = new MeetingService({
    store,
    feeds,
    stays: new StayKeeper({ store, wall: wallClock, steady: systemClock }),
    limits: new RateLimits(systemClock),
    requireAvatar: async () => {},
    maxParticipants: 16,
    bandwidthMaxBps: 1_500_000,
    issueToken: async ({ personId }) => `token of ${personId}`,
    coordinates: (origin, id) => jitsiCoordinates({ ...HUB_PLACE, url: origin }, id),
    noteFault,
  });
  return { meetings, feeds, publicUrl: null, proxyHops: 0, log: silentLog, ...changes };
}

/** A real HTTP server around the API's handler, on a free loopback port. */
export async function serveApi(services: ApiServices, port = 0) {
  const api = new ApiHandler(services);
  const server = createServer((request, response) => {
    if (!api.handleRequest(request, response)) response.writeHead(421).end();
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const { port: bound } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${bound}`,
    port: bound,
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
