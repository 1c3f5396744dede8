import { afterEach, describe, expect, it } from 'vitest';
import type { HubLimits } from '@/server/hub/hubLimits';
import { NS } from '@/server/hub/xmpp/namespaces';
import { xml } from '@/server/hub/xmpp/stanza';
import { ManualClock } from '@/tests/support/manualClock';
import { DOMAIN, FRAMING_OPEN, RawClient, RawSocket } from './rawClient';
import { startTestHub, type TestHub } from './testHub';

let world: TestHub;
let clock: ManualClock;

async function start(limits: Partial<HubLimits> = {}): Promise<void> {
  clock = new ManualClock();
  world = await startTestHub({ clock, limits });
}

afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.close();
});

const join = (personId: string) => RawClient.join(world.port, world.tokens.issue(personId));

/** Resolves when a person has left the room. */
const leaving = (personId: string) =>
  new Promise<void>((resolve) => {
    world.hub.events.on('occupantLeft', (occupant) => {
      if (occupant.personId === personId) resolve();
    });
  });

/** Advances the hub's time in steps that are long enough for a round of pings and answers. */
async function live(client: RawClient, forMs: number): Promise<void> {
  for (let passedMs = 0; passedMs < forMs; passedMs += 1_000) {
    clock.advance(1_000);
    await client.ask('get', DOMAIN, xml('ping', { xmlns: NS.ping }));
  }
}

describe('lifetimes', () => {
  it('H-8 a socket without a session is closed at its deadline, at any step', async () => {
    await start();
    const silent = await RawSocket.open(`ws://127.0.0.1:${world.port}/xmpp-websocket`, ['xmpp']);
    const opened = await RawClient.open(world.port, world.tokens.issue('ann'));
    opened.socket.send(FRAMING_OPEN);
    const { client: authenticated } = await RawClient.authenticate(world.port, world.tokens.issue('ben'));
    const bound = await join('cid');
    clock.advance(10_000);
    for (const socket of [silent, opened.socket, authenticated.socket]) expect((await socket.closed).code).toBe(1008);
    await bound.ask('get', DOMAIN, xml('ping', { xmlns: NS.ping }));
    expect(world.hub.stats().sessions).toBe(1);
  });

  it('H-5 a session resumes on a new socket: no occupant sees it leave, nothing is lost', async () => {
    await start();
    const ann = await join('ann');
    const token = world.tokens.issue('ben');
    const ben = await RawClient.join(world.port, token);
    const channel = await ben.openChannel();
    const previd = await ben.enableResume();
    ben.socket.ws.terminate();
    ann.send(xml('message', { to: ann.roomJid, type: 'groupchat' }, xml('body', {}, 'meanwhile')));
    await ann.socket.next((frame) => frame.includes('meanwhile'));
    const { client: again } = await RawClient.authenticate(world.port, token);
    again.send(`<resume xmlns="${NS.streamManagement}" previd="${previd}" h="0"/>`);
    await again.socket.next((frame) => frame.startsWith('<resumed'));
    await again.socket.next((frame) => frame.includes('meanwhile'));
    channel.send('{"colibriClass":"ClientHello"}');
    await channel.next();
    expect(world.hub.stats()).toMatchObject({ sessions: 2, rooms: 1, channels: 1 });
    expect(ann.socket.frames.join('')).not.toContain('unavailable');
  });

  it('H-6 a session that is not resumed leaves when its window closes', async () => {
    await start();
    const ann = await join('ann');
    const ben = await join('ben');
    await ben.enableResume();
    const left = leaving('ben');
    ben.socket.ws.terminate();
    await live(ann, 20_000);
    await left;
    await ann.socket.next((frame) => frame.includes('unavailable'));
    expect(world.hub.stats().sessions).toBe(1);
  });

  it('H-6 a session leaves at once when its page goes away', async () => {
    await start();
    await join('ann');
    const ben = await join('ben');
    await ben.enableResume();
    const left = leaving('ben');
    ben.socket.ws.close(1001);
    await left;
  });

  it('H-9 a socket that answers no ping is terminated; one that answers lives on', async () => {
    await start();
    const alive = await join('ann');
    const dead = await RawClient.open(world.port, world.tokens.issue('ben'));
    const channelOwner = await join('cid');
    const channel = await channelOwner.openChannel();
    dead.socket.ws.pause();
    channel.ws.pause();
    const serverSockets = world.upgrades.filter(({ socket }) => !socket.destroyed).length;
    while (world.upgrades.filter(({ socket }) => !socket.destroyed).length > serverSockets - 2)
      await live(alive, 1_000);
    expect(world.hub.stats()).toMatchObject({ channels: 0 });
    await alive.ask('get', DOMAIN, xml('ping', { xmlns: NS.ping }));
    dead.socket.ws.terminate();
    channel.ws.terminate();
  });

  it('H-9 a stall of the hub itself kills no socket', async () => {
    await start();
    const ann = await join('ann');
    for (let stall = 0; stall < 3; stall += 1) {
      const pinged = new Promise((resolve) => ann.socket.ws.once('ping', resolve));
      clock.advance(60_000);
      await pinged;
      await ann.ask('get', DOMAIN, xml('ping', { xmlns: NS.ping }));
    }
    expect(world.hub.stats().sessions).toBe(1);
  });

  it('H-16 a client that sends too many stanzas is cut off, but no other is', async () => {
    await start({ stanzaBurst: 20 });
    const [ann, ben] = [await join('ann'), await join('ben')];
    for (let i = 0; i < 40; i += 1)
      ann.send(xml('iq', { type: 'get', id: `${i}`, to: DOMAIN }, xml('ping', { xmlns: NS.ping })));
    expect((await ann.socket.closed).code).toBe(1008);
    await ben.socket.next((frame) => frame.includes('unavailable'));
    expect(world.hub.stats().dropped.stanzaRateExceeded).toBe(1);
  });

  it('H-28 a client that sends too many bytes is cut off, and resuming gives it no fresh rate', async () => {
    await start({ stanzaBurstBytes: 20_000 });
    const token = world.tokens.issue('ann');
    const ann = await RawClient.join(world.port, token);
    const previd = await ann.enableResume();
    const ping = (padding: number) =>
      xml(
        'iq',
        { type: 'get', id: 'p', to: DOMAIN },
        xml('ping', { xmlns: NS.ping }),
        xml('x', {}, 'x'.repeat(padding)),
      );
    ann.send(ping(15_000));
    await ann.socket.next((frame) => frame.includes('id="p"'));
    ann.socket.ws.terminate();
    const { client: again } = await RawClient.authenticate(world.port, token);
    again.send(`<resume xmlns="${NS.streamManagement}" previd="${previd}" h="0"/>`);
    await again.socket.next((frame) => frame.startsWith('<resumed'));
    again.send(ping(15_000));
    expect((await again.socket.closed).code).toBe(1008);
    expect(world.hub.stats().dropped.stanzaRateExceeded).toBe(1);
  });

  it('H-28 a client that leaves and enters over and over is cut off, and one that does so now and then is not', async () => {
    await start();
    const [ann, eve] = [await join('ann'), await join('eve')];
    const enterAgain = async (client: RawClient) => {
      client.leave();
      client.enter();
      const isEntry = (frame: string) => frame.includes('code="110"') && !frame.includes('unavailable');
      await client.socket.next(isEntry);
    };
    for (let count = 0; count < 3; count += 1) await Promise.all([enterAgain(ann), enterAgain(eve)]);
    await expect(enterAgain(eve)).rejects.toThrow();
    expect((await eve.socket.closed).code).toBe(1008);
    await live(ann, 11_000);
    await enterAgain(ann);
  });

  it('H-29 a client that acknowledges nothing is ended once too many bytes wait for it; others stay', async () => {
    await start({ unacknowledgedBytesMax: 20_000 });
    const [ann, eve] = [await join('ann'), await join('eve')];
    await eve.enableResume();
    const left = leaving('eve');
    for (let count = 0; count < 6; count += 1)
      ann.send(xml('message', { to: ann.roomJid, type: 'groupchat' }, xml('body', {}, 'x'.repeat(3_900))));
    await left;
    await eve.socket.closed;
    await ann.ask('get', DOMAIN, xml('ping', { xmlns: NS.ping }));
    expect(world.hub.stats()).toMatchObject({ sessions: 1, dropped: { hoarded: 1 } });
  });

  it('H-29 if too much waits for all sessions together, those for which the most waits end', async () => {
    await start({ heldBytesMax: 30_000 });
    const ann = await join('ann');
    const big = await RawClient.join(world.port, world.tokens.issue('big'));
    await big.enableResume();
    for (let count = 0; count < 5; count += 1)
      ann.send(xml('message', { to: ann.roomJid, type: 'groupchat' }, xml('body', {}, 'x'.repeat(3_900))));
    await ann.socket.next((frame) => frame.includes('xxx'));
    const small = await RawClient.join(world.port, world.tokens.issue('small'));
    await small.enableResume();
    const left = leaving('big');
    clock.advance(10_000);
    for (let count = 0; count < 5; count += 1)
      ann.send(xml('message', { to: ann.roomJid, type: 'groupchat' }, xml('body', {}, 'y'.repeat(3_000))));
    await left;
    await small.ask('get', DOMAIN, xml('ping', { xmlns: NS.ping }));
    expect(world.hub.stats()).toMatchObject({ sessions: 2, dropped: { hoarded: 1 } });
  });

  it('H-16 connections over the limit are refused, and so are unauthenticated ones over the limit of an address', async () => {
    await start({ connectionsMax: 3, unauthenticatedMaxPerAddress: 2 });
    await join('ann');
    await RawClient.open(world.port, null);
    await RawClient.open(world.port, null);
    await expect(RawClient.open(world.port, null)).rejects.toThrow('HTTP 503');
    await world.close();
    await start({ unauthenticatedMaxPerAddress: 2 });
    await join('ann');
    const first = await RawClient.open(world.port, null);
    await RawClient.open(world.port, null);
    await expect(RawClient.open(world.port, null)).rejects.toThrow('HTTP 429');
    first.socket.ws.terminate();
    await first.socket.closed;
    await expect
      .poll(() => world.upgrades.filter(({ socket }) => !socket.destroyed).length, { timeout: 10_000 })
      .toBe(2);
    await RawClient.open(world.port, null);
  });

  it('H-19 closing the hub closes every socket', async () => {
    await start();
    const ann = await join('ann');
    const channel = await ann.openChannel();
    await world.hub.close();
    expect((await ann.socket.closed).code).toBe(1001);
    expect((await channel.closed).code).toBe(1001);
  });
});
