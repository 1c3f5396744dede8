import { describe, expect, it } from 'vitest';
import type { HubOptions } from '@/server/hub/hub';
import { NS } from '@/server/hub/xmpp/namespaces';
import type { Element } from '@/server/hub/xmpp/stanza';
import { ManualClock } from '@/tests/support/manualClock';
import { RawSocket } from '../rawClient';
import { isPresenceOf, type StockClient } from './stockClient';
import { StockWorld } from './stockWorld';

const stock = new StockWorld();

async function start(options: Partial<HubOptions> = {}): Promise<ManualClock> {
  const clock = new ManualClock();
  await stock.start({}, { bridgeChannel: 'websocket', clock, ...options });
  return clock;
}

const isOffer = (frame: Element) => frame.toString().includes('session-initiate');
const offersTo = (client: StockClient) => client.frames.filter(isOffer);
const offerTo = (client: StockClient) => client.jingle('session-initiate');
const isAway = (frame: Element) => frame.getChild('bridgeNotAvailable', NS.focus) !== undefined;
const channelOf = (offer: Element) =>
  RawSocket.open(offer.getChild('content')?.getChild('transport')?.getChild('web-socket')?.attrs['url'] ?? '');

describe('faults of the hub', () => {
  it('H-119 while there is no bridge the focus says so, and offers sessions again once somebody comes', async () => {
    const clock = await start({ faults: { noBridgeMs: 60_000 } });
    const ann = await stock.join('ann');
    await stock.join('ben');
    await ann.seen(isAway);
    expect(offersTo(ann)).toEqual([]);
    clock.advance(60_000);
    await stock.join('cy');
    await offerTo(ann);
    const ofFocus = ann.frames.filter((frame) => isPresenceOf(frame, 'focus'));
    expect(ofFocus.map(isAway)).toEqual([false, true, false]);
    expect(ofFocus.at(-1)?.toString()).toContain('bridge-count');
  });

  it('H-119 a slow bridge delays the offer', async () => {
    await start({ faults: { allocationMs: 400 } });
    const ann = await stock.join('ann');
    const startedAtMs = performance.now();
    await stock.join('ben');
    await offerTo(ann);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(399);
  });

  it('H-119 a bridge dies with its channels, and the focus waits 15 s for its answer before it says so', async () => {
    const clock = await start();
    const [ann] = [await stock.join('ann'), await stock.join('ben')];
    const channel = await channelOf(await offerTo(ann));
    stock.world.hub.loseBridge(25_000);
    expect((await channel.closed).code).toBe(1006);
    expect(stock.world.hub.stats().channels).toBe(0);
    clock.advance(14_900);
    await ann.settle();
    expect(ann.frames.some(isAway)).toBe(false);
    clock.advance(100);
    await ann.seen(isAway);
    expect(offersTo(ann)).toHaveLength(1);
    clock.advance(10_000);
    const cy = await stock.join('cy');
    await offerTo(cy);
    await expect.poll(() => offersTo(ann).length).toBe(2);
  });

  it('H-119 where there is a second bridge, everybody is offered a session on it at once', async () => {
    await start({ faults: { loseBridgeMs: 0 } });
    const [ann] = [await stock.join('ann'), await stock.join('ben')];
    const channel = await channelOf(await offerTo(ann));
    stock.world.hub.strike();
    expect((await channel.closed).code).toBe(1006);
    await expect.poll(() => offersTo(ann).length).toBe(2);
    await (await channelOf(offersTo(ann)[1]!.getChild('jingle')!)).next((frame) => frame.includes('ServerHello'));
    expect(ann.frames.some(isAway)).toBe(false);
  });

  it.each(['as a stock Jitsi', 'as Parley’s own'])(
    'H-119 the XMPP server dies, and the bridge goes on (%s)',
    async (kind) => {
      const clock = await start({ jicofo: kind === 'as a stock Jitsi' ? {} : null, faults: { loseXmppMs: 3_000 } });
      const [ann, ben] = [await stock.join('ann'), await stock.join('ben')];
      const channels = await Promise.all([channelOf(await offerTo(ann)), channelOf(await offerTo(ben))]);
      stock.world.hub.strike();
      expect((await ann.raw.socket.closed).code).toBe(1006);
      expect(stock.world.hub.stats()).toMatchObject({ rooms: 0, sessions: 0, channels: 2 });
      await expect(stock.join('cy')).rejects.toThrow();

      clock.advance(3_000);
      const cy = await stock.join('cy');
      channels[0].send(JSON.stringify({ colibriClass: 'EndpointMessage', to: '', msgPayload: 'still here' }));
      await channels[1].next((frame) => frame.includes('still here'));
      expect(stock.world.hub.stats()).toMatchObject({ rooms: 1, sessions: 1 });
      expect(cy.frames.some((frame) => isPresenceOf(frame, ann.endpointId))).toBe(false);
      clock.advance(60_000);
      await Promise.all(channels.map((channel) => channel.closed));
    },
  );
});
