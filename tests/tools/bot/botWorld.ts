import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HubOptions } from '@/server/hub/hub';
import { HUB_DOMAINS, jitsiCoordinates } from '@/server/services/jitsiCoordinates';
import { MeetingRoom } from '@/server/services/meetingRoom';
import { MeetingService } from '@/server/services/meetingService';
import { RateLimits } from '@/server/services/rateLimits';
import { wallClock } from '@/server/services/wallClock';
import { startTestHub } from '@/tests/server/hub/testHub';
import { apiServices, serveApi } from '@/tests/server/routers/apiServer';
import { MemoryMeetingStore } from '@/tests/support/memoryMeetingStore';

/** The API and a hub, without the pages: all that a program needs of a Parley site. */
export async function startBotWorld(hubOptions: Partial<HubOptions> = {}) {
  const store = new MemoryMeetingStore();
  const hub = await startTestHub(hubOptions);
  const room = new MeetingRoom(store, 'high');
  const meetings = new MeetingService({
    store,
    room,
    clock: wallClock,
    limits: new RateLimits(wallClock),
    requireAvatar: async () => {},
    maxParticipants: 16,
    bandwidthMaxBps: 1_500_000,
    issueToken: async ({ room: name, personId, role }) => hub.tokens.issue(personId, { room: name, role }),
    coordinates: (_origin, id) => jitsiCoordinates({ ...HUB_DOMAINS, url: `http://127.0.0.1:${hub.port}` }, id),
  });
  const api = await serveApi(apiServices(store, { meetings }));
  return {
    url: api.url,
    hub,
    async close() {
      room.close();
      await api.close();
      await hub.close();
      await store.close();
    },
  };
}

/** A port of this machine at which nothing listens. */
export async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
