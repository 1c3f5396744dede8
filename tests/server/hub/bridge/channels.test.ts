import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ConferenceTap } from '@/server/hub/conferenceTaps';
import type { HubLimits } from '@/server/hub/hubLimits';
import { NS } from '@/server/hub/xmpp/namespaces';
import { xml } from '@/server/hub/xmpp/stanza';
import { ManualClock } from '@/tests/support/manualClock';
import { RawClient, RawSocket, read } from '../rawClient';
import { startTestHub, type TestHub } from '../testHub';

let world: TestHub;

beforeEach(async () => {
  world = await startTestHub();
});

afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.close();
});

interface Joined {
  readonly client: RawClient;
  readonly channel: RawSocket;
}

async function join(personId: string, options = {}): Promise<Joined> {
  const client = await RawClient.join(world.port, world.tokens.issue(personId, options), options);
  return { client, channel: await client.openChannel() };
}

const message = (payload: unknown, to = '', from?: string) =>
  JSON.stringify({ colibriClass: 'EndpointMessage', from, to, msgPayload: payload });

/** Sends an echo, so that everything sent before it has been handled. */
async function settle({ channel }: Joined): Promise<void> {
  channel.send('{"colibriClass":"ClientHello"}');
  await channel.pick((frame) => frame.includes('ServerHello'));
}

/** Resolves once the hub has handled everything sent so far: it answers a ping in its turn, whatever the rate. */
function handled({ ws }: RawSocket): Promise<void> {
  return new Promise((resolve) => {
    ws.once('pong', () => resolve());
    ws.ping();
  });
}

/** Starts the hub again with a clock that stands still: rates and ages depend on what is sent, not on how quickly. */
async function standStill(limits: Partial<HubLimits> = {}): Promise<void> {
  await world.close();
  world = await startTestHub({ limits, clock: new ManualClock() });
}

describe('a bridge channel', () => {
  it('H-30 H-31 a message reaches every other endpoint of the conference, with from overwritten', async () => {
    const [ann, ben, cid] = [await join('ann'), await join('ben'), await join('cid')];
    const far = await join('dan', { room: 'castle' });
    ann.channel.send(message({ n: 1 }, '', 'ffffffff'));
    for (const other of [ben, cid]) {
      expect(JSON.parse(await other.channel.next())).toEqual({
        colibriClass: 'EndpointMessage',
        from: ann.client.endpointId,
        to: '',
        msgPayload: { n: 1 },
      });
    }
    await settle(ann);
    await settle(far);
    expect([...ann.channel.frames, ...far.channel.frames]).toEqual([]);
  });

  it('H-31 an addressed message reaches one endpoint, and only within its conference', async () => {
    const [ann, ben, cid] = [await join('ann'), await join('ben'), await join('cid')];
    const far = await join('dan', { room: 'castle' });
    ann.channel.send(message(1, ben.client.endpointId));
    expect(JSON.parse(await ben.channel.next())).toMatchObject({ msgPayload: 1 });
    ann.channel.send(message(2, far.client.endpointId));
    ann.channel.send(message(3, 'nobody'));
    await settle(ann);
    await settle(cid);
    await settle(far);
    expect([...cid.channel.frames, ...far.channel.frames]).toEqual([]);
    expect(world.hub.stats().dropped.unknownRecipient).toBe(2);
  });

  it('H-39 a tap hears what each participant sends to all, also in the room’s next conference, until it is taken away', async () => {
    const heard: string[] = [];
    const tap: ConferenceTap = {
      message: (_endpointId, personId, data) =>
        heard.push(`${personId} ${JSON.parse(Buffer.from(data).toString()).msgPayload}`),
      rtp: () => heard.push('media'),
    };
    world.hub.tap('tavern', tap);
    const [ann, ben] = [await join('ann'), await join('ben')];
    const [eve, far] = [await join('eve', { role: 'spectator' }), await join('dan', { room: 'castle' })];
    ann.channel.send(message(1));
    ann.channel.send(message(2, ben.client.endpointId));
    ann.channel.send('{"colibriClass":"EndpointStats"}');
    eve.channel.send(message(3));
    far.channel.send(message(4));
    ben.channel.send(message(5, '', 'ffffffff'));
    for (const each of [ann, eve, far, ben]) await settle(each);
    expect(heard.sort()).toEqual(['ann 1', 'ben 5']);
    world.hub.endRoom('tavern');
    const again = await join('ann');
    again.channel.send(message(6));
    await settle(again);
    world.hub.tap('tavern', null);
    again.channel.send(message(7));
    await settle(again);
    expect(heard).toEqual(['ann 1', 'ben 5', 'ann 6']);
  });

  it('H-32 EndpointStats are relayed; other classes are dropped and counted', async () => {
    const [ann, ben] = [await join('ann'), await join('ben')];
    ann.channel.send('{"colibriClass":"LastNChangedEvent","lastN":1}');
    ann.channel.send('{"colibriClass":"EndpointStats","bitrate":7}');
    expect(JSON.parse(await ben.channel.next())).toMatchObject({
      colibriClass: 'EndpointStats',
      from: ann.client.endpointId,
      bitrate: 7,
    });
    expect(world.hub.stats().dropped.unknownClass).toBe(1);
  });

  it('H-33 a spectator’s messages are dropped and counted, but it receives those of others', async () => {
    const ann = await join('ann');
    const eve = await join('eve', { role: 'spectator' });
    eve.channel.send(message(1));
    eve.channel.send(message(2, ann.client.endpointId));
    eve.channel.send('{"colibriClass":"EndpointStats"}');
    ann.channel.send(message(3));
    expect(JSON.parse(await eve.channel.next())).toMatchObject({ msgPayload: 3 });
    await settle(eve);
    await settle(ann);
    expect(ann.channel.frames).toEqual([]);
    expect(world.hub.stats().dropped).toMatchObject({ spectator: 2, spectatorStats: 1 });
  });

  it('H-32 a message that would reach the others several times as long is dropped', async () => {
    const [ann, ben] = [await join('ann'), await join('ben')];
    const numbers = `[${Array(500).fill('9e20').join()}]`;
    ann.channel.send(`{"colibriClass":"EndpointMessage","to":"","msgPayload":${numbers}}`);
    ann.channel.send(`{"colibriClass":"EndpointStats","numbers":${numbers}}`);
    ann.channel.send(message('short'));
    expect(JSON.parse(await ben.channel.next()).msgPayload).toBe('short');
    expect(world.hub.stats().dropped.malformed).toBe(2);
  });

  it('H-34 a message over the limit is counted and closes its channel with 1009, but no other', async () => {
    const [ann, ben, cid] = [await join('ann'), await join('ben'), await join('cid')];
    ann.channel.send(message('x'.repeat(4_096)));
    expect((await ann.channel.closed).code).toBe(1009);
    expect(world.hub.stats().dropped.tooLarge).toBe(1);
    ben.channel.send(message('y'.repeat(4_000)));
    expect((await cid.channel.next()).length).toBeGreaterThan(4_000);
  });

  it('H-35 a sender over its rate has messages dropped and is cut off in the end, but no other is', async () => {
    await standStill({ channelAbuseMs: 0 });
    const [ann, ben] = [await join('ann'), await join('ben')];
    for (let i = 0; i < 100; i += 1) ann.channel.send(message(i));
    expect((await ann.channel.closed).code).toBe(1008);
    expect(world.hub.stats().dropped.rateExceeded).toBeGreaterThan(0);
    ben.channel.send(message('on'));
    await settle(ben);
  });

  it('H-35 a sender’s rate carries over when it reopens its channel', async () => {
    await standStill();
    const ann = await RawClient.join(world.port, world.tokens.issue('ann'));
    const url = await ann.invitation();
    const ben = await join('ben');
    for (let round = 0; round < 4; round += 1) {
      const channel = await RawSocket.open(url);
      for (let i = 0; i < 50; i += 1) channel.send(message(i));
      channel.ws.close();
      await channel.closed;
    }
    await settle(ben);
    expect(ben.channel.frames.length).toBeLessThan(100);
    expect(world.hub.stats().dropped.rateExceeded).toBeGreaterThan(100);
  });

  it('H-85 H-35 a client that asks for a restart gets a fresh channel, but no fresh rate', async () => {
    await standStill();
    const ann = await RawClient.join(world.port, world.tokens.issue('ann'));
    const frame = await ann.socket.next((text) => text.includes('session-initiate'));
    const sid = read(frame).getChild('jingle')?.attrs['sid'];
    const url = /url="([^"]+)"/.exec(frame)?.[1] ?? '';
    const first = await RawSocket.open(url);
    await first.next();
    for (let i = 0; i < 70; i += 1) first.send(message(i));
    first.send('{"colibriClass":"ClientHello"}');
    await first.next();
    const restart = xml('bridge-session', { xmlns: NS.focus, restart: 'true' });
    const terminate = xml('jingle', { xmlns: NS.jingle, action: 'session-terminate', sid }, restart);
    expect((await ann.ask('set', `${ann.roomJid}/focus`, terminate)).attrs['type']).toBe('result');
    const second = await ann.openChannel();
    await first.closed;
    await expect(RawSocket.open(url)).rejects.toThrow('HTTP 403');
    for (let i = 0; i < 80; i += 1) second.send(message(i));
    await handled(second);
    expect(world.hub.stats().messagesIn).toBe(151);
    expect(world.hub.stats().dropped.rateExceeded).toBeGreaterThan(40);
  });

  it('H-36 a receiver that does not read loses old messages; the others lose none, and it gets new ones again', async () => {
    await standStill({ channelMessagesPerSecond: 1e6, channelBytesPerSecond: 1e9 });
    const [ann, ben, slow] = [await join('ann'), await join('ben'), await join('slow')];
    slow.channel.ws.pause();
    const payload = 'x'.repeat(1_000);
    const { dropped } = world.hub.stats();
    expect([dropped.slowReceiver, dropped.stale]).toEqual([0, 0]);
    let sent = 0;
    const lost = () => world.hub.stats().dropped.slowReceiver + world.hub.stats().dropped.stale;
    while (lost() < 200) {
      for (let i = 0; i < 4; i += 1, sent += 1) ann.channel.send(message({ n: sent, payload }));
      await settle(ann);
      await settle(ben);
      expect(world.hub.stats().largestBacklogBytes).toBeLessThanOrEqual(65_536 + 4_100);
    }
    expect(ben.channel.frames).toHaveLength(sent);
    slow.channel.ws.resume();
    ann.channel.send(message('last'));
    expect(await slow.channel.pick((frame) => frame.includes('last'))).toContain(`"from":"${ann.client.endpointId}"`);
    expect(slow.channel.frames.length).toBeLessThan(sent);
  });

  it('H-38 an echo comes back, also to a spectator', async () => {
    const ann = await join('ann');
    const eve = await join('eve', { role: 'spectator' });
    for (const { client, channel } of [ann, eve]) {
      channel.send(message('alive', client.endpointId));
      expect(JSON.parse(await channel.next())).toEqual({
        colibriClass: 'EndpointMessage',
        from: client.endpointId,
        to: client.endpointId,
        msgPayload: 'alive',
      });
    }
    await settle(ann);
    await settle(eve);
    expect([...ann.channel.frames, ...eve.channel.frames]).toEqual([]);
    expect(world.hub.stats().dropped.spectator).toBe(0);
  });

  it('H-37 a channel does not open without the secret in its address', async () => {
    const { client } = await join('ann');
    await join('ben');
    const base = `ws://127.0.0.1:${world.port}/colibri-ws`;
    const ann = await RawClient.join(world.port, world.tokens.issue('cid'));
    const url = await ann.invitation();
    const wrong = [
      `${base}/hub/x/${client.endpointId}?pwd=x`,
      url.replace(/pwd=.*/, ''),
      url.replace(/pwd=.*/, 'pwd=0'),
      url.replace(ann.endpointId, client.endpointId),
      `${base}/`,
      `${base}/hub/%00/%ff?pwd=%`,
    ];
    for (const address of wrong) await expect(RawSocket.open(address)).rejects.toThrow('HTTP 403');
    await RawSocket.open(url);
  });

  it('H-37 a newer socket takes over its channel; leaving the MUC room closes the channel for good', async () => {
    const client = await RawClient.join(world.port, world.tokens.issue('ann'));
    const url = await client.invitation();
    const first = await RawSocket.open(url);
    const second = await RawSocket.open(url);
    expect((await first.closed).reason).toBe('replaced');
    client.send('<close xmlns="urn:ietf:params:xml:ns:xmpp-framing"/>');
    await second.closed;
    await expect(RawSocket.open(url)).rejects.toThrow('HTTP 403');
  });

  it('H-34 binary frames are dropped and counted', async () => {
    const ann = await join('ann');
    ann.channel.send(Buffer.from([1, 2, 3]));
    await settle(ann);
    expect(world.hub.stats().dropped.binary).toBe(1);
  });
});
