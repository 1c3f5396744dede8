import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { silentLog } from '@/lib/core/log';
import type { SeatedPerson } from '@/lib/core/meeting';
import { unwrapPacket } from '@/lib/transport/bridgeMessage';
import { SpectatedConferences } from '@/server/recorder/spectators/spectatedConferences';
import { HeadlessWorld, passInto } from '@/tests/lib/transport/headless/headlessWorld';

const ROOM = 'tavern';
const SOON = { timeout: 15_000, interval: 50 };
const seated = (id: string): SeatedPerson => ({ id, name: id, avatar: 'bea', seat: 0, endpoint: null });

describe('conferences that a spectator is in', () => {
  let world: HeadlessWorld;
  const heard: string[] = [];
  let passes = 0;
  let failing = 0;
  let conferences: SpectatedConferences;
  const tap = {
    message: (endpointId: string, personId: string, message: Uint8Array) => {
      const bytes = new Uint8Array(2048);
      const sizeBytes = unwrapPacket(JSON.parse(Buffer.from(message).toString()).msgPayload, bytes);
      heard.push(`${endpointId} ${personId} ${bytes.subarray(0, sizeBytes).join()}`);
    },
    rtp: () => {},
  };

  beforeAll(async () => {
    world = await HeadlessWorld.start();
    conferences = new SpectatedConferences({
      fetchPass: async (room) => {
        passes += 1;
        if (failing-- > 0) throw new Error('the API is away');
        return passInto(world.hub, 'recorder', { room, role: 'spectator' });
      },
      log: silentLog,
    });
  });
  afterEach(() => {
    conferences.tap(ROOM, null);
    heard.length = 0;
  });
  afterAll(() => world.close());

  async function talk() {
    const [ann] = await world.live(['ann']);
    conferences.follow(ROOM, [seated('ann')]);
    let count = 0;
    const timer = setInterval(() => ann!.broadcast(Uint8Array.of(1, 2, ++count & 0xff), 3), 50);
    const said = new RegExp(`^${ann!.endpointId} ann 1,2,`);
    return { ann: ann!, said, stop: () => clearInterval(timer) };
  }

  it('a conference that can’t be entered is tried again, and its packets come in the name of their person', async () => {
    failing = 2;
    conferences.tap(ROOM, tap);
    const { ann, said, stop } = await talk();
    await expect.poll(() => heard.length, SOON).toBeGreaterThan(3);
    expect(heard.every((message) => said.test(message))).toBe(true);
    expect(passes).toBeGreaterThanOrEqual(3);
    stop();
    await ann.disconnect();
  });

  it('a spectator is in again after its server has been replaced, and hears nothing once the tap is gone', async () => {
    conferences.tap(ROOM, tap);
    const { ann, stop } = await talk();
    await expect.poll(() => heard.length, SOON).toBeGreaterThan(0);
    await world.restartServer();
    heard.length = 0;
    await expect.poll(() => heard.length, SOON).toBeGreaterThan(3);
    conferences.tap(ROOM, null);
    heard.length = 0;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(heard).toEqual([]);
    stop();
    await ann.disconnect();
  });
});
