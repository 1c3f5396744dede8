import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock, wallClock } from '@/lib/core/clock';
import type { HubOptions } from '@/server/hub/hub';
import { MeetingFeeds } from '@/server/services/meetings/meetingFeeds';
import { MeetingService } from '@/server/services/meetings/meetingService';
import { StayKeeper } from '@/server/services/meetings/stayKeeper';
import { RateLimits } from '@/server/services/rateLimits';
import { HUB_PLACE, jitsiCoordinates } from '@/server/services/tokens/jitsiCoordinates';
import { apiServices, serveApi } from '@/tests/server/api/apiServer';
import { startTestHub } from '@/tests/server/hub/testHub';
import { MemoryMeetingStore } from '@/tests/support/memoryMeetingStore';

/** The API and a hub, without the pages: what a program needs from a Parley site. */
export async function startBotWorld(hubOptions: Partial<HubOptions> = {}) {
  const store = new MemoryMeetingStore();
  const hub = await startTestHub(hubOptions);
  const url = `http://127.0.0.1:${hub.port}`;
  const identity = hubOptions.jicofo && !hubOptions.jicofo.identity ? 'claimed' : 'enforced';
  const feeds = new MeetingFeeds(store, 'high');
  /** What clients have reported about the deployment. */
  const faults: string[] = [];
  const meetings = new MeetingService({
    store,
    feeds,
    stays: new StayKeeper({ store, wall: wallClock, steady: systemClock }),
    limits: new RateLimits(systemClock),
    requireAvatar: async () => {},
    maxParticipants: 16,
    watchMax: 200,
    bandwidthMaxBps: 1_500_000,
    recordings: { mode: 'on', consent: 'tell' },
    issueToken: async ({ room: name, personId, role }) => hub.tokens.issue(personId, { room: name, role }),
    coordinates: (_origin, id) => jitsiCoordinates({ ...HUB_PLACE, url, identity }, id),
    noteFault: (fault, said) => faults.push(`${fault}: ${said}`),
  });
  const api = await serveApi(apiServices(store, { meetings }));
  return {
    url: api.url,
    hub,
    faults,
    async close() {
      feeds.close();
      await api.close();
      await hub.close();
      await store.close();
    },
  };
}

/** A local port on which nothing listens. */
export async function unusedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
