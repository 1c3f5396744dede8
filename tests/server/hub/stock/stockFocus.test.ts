import { describe, expect, it, vi } from 'vitest';
import { NS } from '@/server/hub/xmpp/namespaces';
import { type Element, xml } from '@/server/hub/xmpp/stanza';
import { ManualClock } from '@/tests/support/manualClock';
import { DOMAIN, RawSocket } from '../rawClient';
import { isFeatureQuestion, isPresenceOf, type StockClient } from './stockClient';
import { StockWorld } from './stockWorld';

const stock = new StockWorld();

const offerIn = (client: StockClient) => client.jingle('session-initiate');
const hasOffer = (client: StockClient) => client.frames.some((frame) => frame.toString().includes('session-initiate'));

describe('the focus of a stock Jitsi', () => {
  it('H-111 a client is asked for its features by the hash it shows, and offered nothing before it answers', async () => {
    await stock.start();
    const caps = xml('c', { xmlns: NS.caps, hash: 'sha-1', node: 'https://jitsi.org/jitsi-meet', ver: 'abc=' });
    const ann = await stock.join('ann', { payload: [caps], features: null });
    const ben = await stock.join('ben');
    await offerIn(ben);
    const question = await ann.seen(isFeatureQuestion);
    expect(question.getChild('query')?.attrs['node']).toBe('https://jitsi.org/jitsi-meet#abc=');
    expect((await ben.seen(isFeatureQuestion)).getChild('query')?.attrs['node']).toBeUndefined();
    await ann.settle();
    expect(hasOffer(ann)).toBe(false);
    const { id, from } = question.attrs;
    ann.raw.send(xml('iq', { xmlns: NS.client, type: 'error', id, to: from }));
    await offerIn(ann);
  });

  it('H-111 a client that never answers is offered a session after 15 s', async () => {
    const clock = new ManualClock();
    await stock.start({}, { clock });
    const [ann, ben] = [await stock.join('ann', { features: null }), await stock.join('ben')];
    await offerIn(ben);
    clock.advance(15_000);
    await offerIn(ann);
  });

  it('H-112 sessions are offered to two, and expire for one who has been alone for 20 s', async () => {
    const clock = new ManualClock();
    await stock.start({}, { clock });
    const ann = await stock.join('ann');
    await ann.settle();
    expect(hasOffer(ann)).toBe(false);
    const ben = await stock.join('ben');
    await Promise.all([offerIn(ann), offerIn(ben)]);
    ben.raw.leave();
    await ann.seen((frame) => isPresenceOf(frame, ben.endpointId) && frame.attrs['type'] === 'unavailable');
    clock.advance(19_000);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(ann.frames.some((frame) => frame.toString().includes('session-terminate'))).toBe(false);
    clock.advance(1_500);
    const ended = await ann.jingle('session-terminate');
    expect(ended.getChild('reason')?.getChildElements().map(String)).toEqual([
      '<expired/>',
      '<text>Idle session timeout</text>',
    ]);
  });

  it('H-113 an offer has the codecs, header extensions and contents of Jicofo', async () => {
    await stock.start();
    const [ann] = [await stock.join('ann'), await stock.join('ben')];
    const offer = await offerIn(ann);
    const contents = offer.getChildren('content');
    expect(contents.map(({ attrs }) => attrs['name'])).toEqual(['audio', 'video', 'data']);
    const [audio, video] = contents.map((content) => content.getChild('description')!);
    const typesIn = (description: Element) =>
      description.getChildren('payload-type').map(({ attrs }) => `${attrs['name']} ${attrs['id']}`);
    expect(typesIn(audio!)).toEqual(['opus 111', 'telephone-event 126']);
    expect(typesIn(video!)).toEqual([
      ...['AV1 41', 'VP8 100', 'H264 107', 'VP9 101'],
      ...['rtx 42', 'rtx 96', 'rtx 99', 'rtx 97'],
    ]);
    const extensionsIn = (description: Element) =>
      description
        .getChildren('rtp-hdrext')
        .map(({ attrs }) => Number(attrs['id']))
        .sort((a, b) => a - b);
    expect([extensionsIn(audio!), extensionsIn(video!)]).toEqual([
      [1, 5, 10],
      [3, 5, 10, 11],
    ]);
    for (const content of contents) {
      const transport = content.getChild('transport')!;
      expect(transport.getChild('fingerprint')?.attrs).toMatchObject({ cryptex: 'false', required: 'false' });
      expect(transport.getChildren('candidate').map(({ attrs }) => attrs['protocol'])).toEqual(['udp']);
      expect(transport.getChild('web-socket')).toBeUndefined();
    }
    expect(offer.attrs['initiator']).toBe(`focus@auth.${DOMAIN}/focus`);
  });

  it.each([
    [true, ['jvb']],
    [false, []],
  ])(
    'H-114 sources come as JSON to clients that read it, with the bridge’s own (%s) or without',
    async (bridgeSources, own) => {
      await stock.start({ bridgeSources });
      const [ann, ben] = [await stock.join('ann'), await stock.join('ben')];
      const offer = await offerIn(ann);
      const sourcesIn = (jingle: Element) => JSON.parse(jingle.getChildText('json-message') ?? '{}').sources ?? {};
      expect(Object.keys(sourcesIn(offer))).toEqual(own);
      expect(offer.toString()).not.toContain('<source ');
      await ann.accept(offer, 1111);
      await ben.accept(await offerIn(ben), 2222);
      expect(sourcesIn(await ann.jingle('source-add'))).toEqual({
        [ben.endpointId]: [[], [], [{ s: 2222, n: `${ben.endpointId}-a0`, m: `${ben.endpointId}-audio-0-1 track` }]],
      });
    },
  );

  it('H-114 other clients get sources in the descriptions', async () => {
    await stock.start();
    const [ann] = [await stock.join('ann', { features: [] }), await stock.join('ben')];
    const offer = await offerIn(ann);
    expect(offer.getChild('json-message')).toBeUndefined();
    const sources = offer
      .getChildren('content')
      .flatMap((content) => content.getChild('description')?.getChildren('source') ?? []);
    expect(sources.map(({ attrs }) => attrs['name'])).toEqual(['jvb-a0', 'jvb-v0']);
  });

  it('H-114 a source that is removed is withdrawn from the others', async () => {
    await stock.start();
    const [ann, ben] = [await stock.join('ann'), await stock.join('ben')];
    const offers = [await offerIn(ann), await offerIn(ben)] as const;
    await ann.accept(offers[0], 1111);
    await ben.accept(offers[1], 2222);
    const source = xml('source', { xmlns: NS.sources, ssrc: '2222' });
    const description = xml('description', { xmlns: NS.rtp, media: 'audio' }, source);
    await ben.act(offers[1], 'source-remove', xml('content', { name: 'audio' }, description));
    expect((await ann.jingle('source-remove')).toString()).toContain('2222');
  });

  it('H-115 a fresh session is to be had every 5 s, and five times a minute', async () => {
    const clock = new ManualClock();
    await stock.start({}, { clock });
    const ann = await stock.join('ann');
    await stock.join('ben');
    const offers = () => ann.frames.filter((frame) => frame.toString().includes('session-initiate'));
    const restart = async () => {
      const known = offers().length;
      const offer = offers().at(-1)!.getChild('jingle')!;
      const answer = await ann.act(
        offer,
        'session-terminate',
        xml('bridge-session', { xmlns: NS.focus, restart: 'true' }),
      );
      if (answer.attrs['type'] === 'result') await vi.waitFor(() => expect(offers().length).toBe(known + 1), 5_000);
      return answer.getChild('error')?.getChildElements()[0]?.name ?? 'offered';
    };
    await offerIn(ann);
    expect(await restart()).toBe('offered');
    clock.advance(4_900);
    expect(await restart()).toBe('resource-constraint');
    for (let k = 0; k < 4; k += 1) {
      clock.advance(5_000);
      expect(await restart()).toBe('offered');
    }
    clock.advance(5_000);
    expect(await restart()).toBe('resource-constraint');
    clock.advance(60_000);
    expect(await restart()).toBe('offered');
  });
});

describe('the bridge of a stock Jitsi', () => {
  const channelOf = (offer: Element) =>
    RawSocket.open(offer.getChild('content')?.getChild('transport')?.getChild('web-socket')?.attrs['url'] ?? '');

  it('H-116 offers of a WebSocket have a data content, too', async () => {
    await stock.start({}, { bridgeChannel: 'websocket' });
    const [ann] = [await stock.join('ann'), await stock.join('ben')];
    const offer = await offerIn(ann);
    expect(offer.getChildren('content').at(-1)?.getChild('transport')?.getChild('sctpmap')).toBeDefined();
    await (await channelOf(offer)).next((frame) => frame.includes('ServerHello'));
  });

  it('H-117 an endpoint whose media has not connected after 147 s is expired', async () => {
    const clock = new ManualClock();
    await stock.start({}, { clock, bridgeChannel: 'websocket' });
    const [ann] = [await stock.join('ann'), await stock.join('ben')];
    const offer = await offerIn(ann);
    const channel = await channelOf(offer);
    clock.advance(146_000);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(channel.ws.readyState).toBe(channel.ws.OPEN);
    clock.advance(1_500);
    expect(await channel.closed).toEqual({ code: 1001, reason: 'endpoint closed' });
    await expect(channelOf(offer)).rejects.toThrow('HTTP 403');
  });
});
