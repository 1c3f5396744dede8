import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NS } from '@/server/hub/xmpp/namespaces';
import { xml } from '@/server/hub/xmpp/stanza';
import { ManualClock } from '@/tests/support/manualClock';
import { DOMAIN, RawClient } from './rawClient';
import { startTestHub, type TestHub } from './testHub';

let world: TestHub;
let clock: ManualClock;
beforeEach(async () => {
  clock = new ManualClock();
  world = await startTestHub({ clock });
});
afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.close();
});

const ping = (client: RawClient) => client.ask('get', DOMAIN, xml('ping', { xmlns: NS.ping }));
const stayOf = (token: string) => `stay-of-${token}`;

describe('stays', () => {
  it('H-25 a token of a revoked stay opens no session', async () => {
    const token = world.tokens.issue('ann');
    world.hub.revokeStay(stayOf(token));
    const { client, answer } = await RawClient.authenticate(world.port, token);
    expect(answer).toContain('The stay that this join token was for is over.');
    expect((await client.socket.closed).code).toBe(1008);
  });

  it('H-25 a stay that is revoked between the verification and the session gets no session', async () => {
    const token = world.tokens.issue('ann');
    const { client } = await RawClient.authenticate(world.port, token);
    world.hub.revokeStay(stayOf(token));
    client.send(xml('iq', { xmlns: NS.client, type: 'set', id: 'b' }, xml('bind', { xmlns: NS.bind })));
    expect(await client.socket.next()).toContain('not-allowed');
    expect((await client.socket.closed).code).toBe(1008);
    expect(world.hub.stats().sessions).toBe(0);
  });

  it('H-25 a session whose stay was revoked while it had no socket is not resumed', async () => {
    const token = world.tokens.issue('ann');
    const ann = await RawClient.join(world.port, token);
    await ann.enableResume();
    ann.socket.ws.terminate();
    await ann.socket.closed;
    world.hub.revokeStay(stayOf(token));
    const { answer } = await RawClient.authenticate(world.port, token);
    expect(answer).toContain('not-allowed');
  });

  it('H-26 only people whose stay is over are removed at the next review', async () => {
    const [annToken, benToken] = [world.tokens.issue('ann'), world.tokens.issue('ben')];
    const ann = await RawClient.join(world.port, annToken);
    const ben = await RawClient.join(world.port, benToken);
    world.tokens.endStay(benToken);
    clock.advance(3_000);
    expect(await ben.socket.next((frame) => frame.includes('code="307"'))).toContain('removed');
    await ben.socket.closed;
    await ann.socket.next((frame) => frame.includes('unavailable'));
    await ping(ann);
    expect(world.hub.stats()).toMatchObject({ sessions: 1, rooms: 1 });
    const { answer } = await RawClient.authenticate(world.port, benToken);
    expect(answer).toContain('not-allowed');
  });

  it('H-26 a session that never entered a room is reviewed too', async () => {
    const token = world.tokens.issue('ann');
    const ann = await RawClient.connect(world.port, token);
    world.tokens.endStay(token);
    clock.advance(3_000);
    await ann.socket.closed;
    expect(world.hub.stats().sessions).toBe(0);
  });

  it('H-26 no one is removed while the state of stays is unknown', async () => {
    const token = world.tokens.issue('ann');
    const ann = await RawClient.join(world.port, token);
    world.tokens.endStay(token);
    world.tokens.isAway = true;
    for (let review = 0; review < 5; review += 1) {
      world.tokens.reviewed = [];
      clock.advance(3_000);
      await expect.poll(() => world.tokens.reviewed.length).toBe(1);
      await ping(ann);
    }
    expect(world.hub.stats().sessions).toBe(1);
  });

  it('H-26 a review says how long ago each client answered', async () => {
    const [ann, ben] = [
      await RawClient.join(world.port, world.tokens.issue('ann')),
      await RawClient.join(world.port, world.tokens.issue('ben')),
    ];
    await ben.enableResume();
    ben.socket.ws.pause();
    clock.advance(2_000);
    await ping(ann);
    clock.advance(1_500);
    await expect.poll(() => world.tokens.reviewed.length).toBe(2);
    expect(world.tokens.reviewed.map(({ heardAgoMs }) => heardAgoMs)).toEqual([1_500, 3_500]);
    ben.socket.ws.terminate();
    clock.advance(3_000);
    await expect.poll(() => world.tokens.reviewed[1]?.heardAgoMs).toBe(Number.POSITIVE_INFINITY);
  });
});
