import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Admission } from '@/lib/core/admission';
import type { HubOptions } from '@/server/hub/hub';
import { NS } from '@/server/hub/xmpp/namespaces';
import { type Element, xml } from '@/server/hub/xmpp/stanza';
import { ManualClock } from '@/tests/support/manualClock';
import { AUTH, DOMAIN, FRAMING_OPEN, RawClient, RawSocket, read } from '../rawClient';
import { LOOPBACK_MEDIA, startTestHub, type TestHub, TokenTable } from '../testHub';
import { isFeatureQuestion, isOwnPresence, isPresenceOf, StockClient } from './stockClient';

let world: TestHub;

async function start(jicofo: HubOptions['jicofo'] = {}, options: Partial<HubOptions> = {}, tokens = new TokenTable()) {
  world = await startTestHub({ jicofo, media: LOOPBACK_MEDIA, ...options }, { tokens });
  return world;
}

afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.close();
});

const join = (personId: string, options = {}) => StockClient.join(world, personId, options);
const itemOf = (presence: Element) => presence.getChild('x', NS.mucUser)?.getChild('item')?.attrs ?? {};
const offerIn = (client: StockClient) => client.jingle('session-initiate');
const hasOffer = (client: StockClient) => client.frames.some((frame) => frame.toString().includes('session-initiate'));
/** Waits until everything the hub sent to a client has arrived. */
const settle = ({ raw }: StockClient) => raw.ask('get', DOMAIN, xml('ping', { xmlns: NS.ping }));
const leave = ({ raw }: Pick<StockClient, 'raw'>) =>
  raw.send(xml('presence', { xmlns: NS.client, type: 'unavailable', to: `${raw.roomJid}/${raw.endpointId}` }));

describe('the server of a stock Jitsi', () => {
  it.each([
    [{ kind: 'missing' }, 'token required'],
    [{ kind: 'signature' }, 'Invalid signature'],
    [
      { kind: 'expired', sinceS: 32, lifeS: 300 },
      'Not acceptable by exp (32.0 sec since expired, valid for:300.0 sec)',
    ],
    [{ kind: 'notYet' }, 'Not acceptable by nbf'],
    [{ kind: 'issuer' }, "invalid 'iss' claim"],
    [{ kind: 'audience' }, "invalid 'aud' claim"],
  ] as const)(
    'H-103 a token whose fault is %j is refused with the words of Prosody, and may be followed by another',
    async (fault, words) => {
      const admission: Admission = {
        verify: async () => ({ ok: false, reason: 'tokenInvalid', fault }),
        review: async () => [],
      };
      await start({}, { admission });
      const { client, answer } = await RawClient.authenticate(world.port, 'any');
      expect(read(answer).getChildText('text')).toBe(words);
      client.socket.send(AUTH);
      expect(await client.socket.next()).toBe(answer);
    },
  );

  it('H-103 a token without a room gets no answer, and the stream stays open', async () => {
    const admission: Admission = {
      verify: async () => ({ ok: false, reason: 'tokenInvalid', fault: { kind: 'room' } }),
      review: async () => [],
    };
    await start({}, { admission });
    const client = await RawClient.open(world.port, 'any');
    client.socket.send(FRAMING_OPEN);
    await client.socket.next((frame) => frame.includes('<mechanisms'));
    client.socket.send(AUTH);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(client.socket.frames).toEqual([]);
    expect(client.socket.ws.readyState).toBe(client.socket.ws.OPEN);
  });

  it('H-104 a token opens any number of sessions of one person, all of which stay', async () => {
    await start();
    const token = world.tokens.issue('ann');
    const both = [await RawClient.connect(world.port, token), await RawClient.connect(world.port, token)];
    for (const client of both) {
      await client.ask('set', `focus.${DOMAIN}`, xml('conference', { xmlns: NS.focus, room: client.roomJid }));
      client.enter();
      await client.ownPresence();
    }
    expect(world.hub.stats().sessions).toBe(2);
    await both[0]!.presenceOf(both[1]!.endpointId);
  });

  it('H-104 an expired token resumes nothing', async () => {
    await start();
    const token = world.tokens.issue('ann');
    const client = await RawClient.connect(world.port, token);
    await client.enableResume();
    client.socket.ws.terminate();
    world.tokens.expire(token);
    const { answer } = await RawClient.authenticate(world.port, token);
    expect(read(answer).getChildText('text')).toMatch(/^Not acceptable by exp/);
  });

  it.each([NS.streamManagement, NS.streamManagement2])(
    'H-102 stream management in %s is answered in kind',
    async (xmlns) => {
      await start();
      const token = world.tokens.issue('ann');
      const client = await RawClient.connect(world.port, token);
      client.send(`<enable xmlns="${xmlns}" resume="true"/>`);
      const { attrs } = read(await client.socket.next((frame) => frame.startsWith('<enabled')));
      expect(attrs).toEqual({ xmlns, id: attrs['id'], resume: 'true', max: '60' });
      client.send(`<r xmlns="${xmlns}"/>`);
      expect(read(await client.socket.next((frame) => frame.startsWith('<a '))).attrs).toEqual({ xmlns, h: '0' });
      client.socket.ws.terminate();
      const { client: again } = await RawClient.authenticate(world.port, token);
      again.send(`<resume xmlns="${xmlns}" previd="${attrs['id']}" h="0"/>`);
      expect(read(await again.socket.next()).attrs).toMatchObject({ xmlns, previd: attrs['id'] });
    },
  );

  it('H-102 there are no external services, and no conference requests over HTTP', async () => {
    await start();
    const client = await RawClient.connect(world.port, world.tokens.issue('ann'));
    for (const xmlns of [NS.externalServices, NS.externalServices1]) {
      expect((await client.ask('get', DOMAIN, xml('services', { xmlns }))).attrs['type']).toBe('error');
    }
    const response = await fetch(`http://127.0.0.1:${world.port}/conference-request/v1`, {
      method: 'POST',
      body: '{}',
    });
    expect(response.status).toBe(404);
  });
});

describe('a room of a stock Jitsi', () => {
  it('H-105 a room exists once its conference was asked for, for 15 s unless somebody enters, and until the last leaves', async () => {
    const clock = new ManualClock();
    await start({}, { clock });
    const client = await RawClient.connect(world.port, world.tokens.issue('ann'));
    const tryToEnter = async () => {
      client.enter();
      const isAnswer = (text: string) => text.includes('type="error"') || text.includes('code="100"');
      const frame = await client.socket.next((text) => text.startsWith('<presence') && isAnswer(text));
      return read(frame).getChild('error')?.getChildText('text') ?? 'in';
    };
    const ask = () =>
      client.ask('set', `focus.${DOMAIN}`, xml('conference', { xmlns: NS.focus, room: client.roomJid }));
    expect(await tryToEnter()).toBe('Room does not exist');
    await ask();
    clock.advance(15_000);
    expect(await tryToEnter()).toBe('Room does not exist');
    await ask();
    expect(await tryToEnter()).toBe('in');
    leave({ raw: client });
    expect(await tryToEnter()).toBe('Room does not exist');
  });

  it('H-106 where Jicofo checks tokens, a request without machine-uid is refused and opens nothing', async () => {
    await start({ checksTokens: true });
    const client = await RawClient.connect(world.port, world.tokens.issue('ann'));
    const request = xml('conference', { xmlns: NS.focus, room: client.roomJid });
    const refused = await client.ask('set', `focus.${DOMAIN}`, request);
    expect(refused.getChild('error')?.getChildText('text')).toBe("Missing mandatory attribute 'machine-uid'");
    client.enter();
    expect(await client.socket.next((frame) => frame.startsWith('<presence'))).toContain('Room does not exist');
    request.attrs['machine-uid'] = 'm1';
    const { attrs } = (await client.ask('set', `focus.${DOMAIN}`, request)).getChild('conference')!;
    expect(attrs).toMatchObject({ ready: 'true', identity: client.jid.split('/')[0] });
    expect(attrs['session-id']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('H-107 presences carry whatever their client shows, an occupant id, and 100 at the entry only', async () => {
    await start();
    const ann = await join('ann', { payload: [xml('stats-id', {}, 'x'), xml('mood', { xmlns: 'm' }, 'fine')] });
    const [entry] = ann.frames.filter(isOwnPresence);
    expect(entry!.getChildElements().map(({ name }) => name)).toEqual(['stats-id', 'mood', 'occupant-id', 'x']);
    expect(
      entry!
        .getChild('x')
        ?.getChildren('status')
        .map(({ attrs }) => attrs['code']),
    ).toEqual(['100', '110']);
    const before = ann.frames.length;
    ann.raw.send(
      xml('presence', { xmlns: NS.client, to: `${ann.raw.roomJid}/${ann.endpointId}` }, xml('mood', {}, 'so')),
    );
    await settle(ann);
    const later = ann.frames.slice(before).find(isOwnPresence)!;
    expect(
      later
        .getChild('x')
        ?.getChildren('status')
        .map(({ attrs }) => attrs['code']),
    ).toEqual(['110']);
    expect(later.getChild('occupant-id')?.attrs).toEqual(entry!.getChild('occupant-id')?.attrs);
  });

  it.each([
    [false, 'somebody else'],
    [true, 'eve'],
  ])('H-107 with mod_presence_identity (%s), a claimed identity is seen as that of %s', async (identity, seen) => {
    await start({ identity });
    const ann = await join('ann');
    const claimed = xml('identity', {}, xml('user', {}, xml('id', {}, 'somebody else')));
    const eve = await join('eve', { payload: [claimed] });
    const presence = await ann.seen((frame) => isPresenceOf(frame, eve.endpointId));
    expect(presence.getChildren('identity').map((one) => one.getChild('user')?.getChildText('id'))).toEqual([seen]);
  });

  it('H-101 a stock Jitsi knows no spectators', async () => {
    await start();
    const ann = await join('ann');
    const token = world.tokens.issue('sue', { role: 'spectator' });
    const sue = await RawClient.connect(world.port, token);
    await sue.ask('set', `focus.${DOMAIN}`, xml('conference', { xmlns: NS.focus, room: sue.roomJid }));
    sue.enter(xml('jitsi_participant_hat', {}, 'red'));
    expect((await ann.seen((frame) => isPresenceOf(frame, sue.endpointId))).toString()).toContain('red');
  });

  it('H-109 whoever enters is told of metadata, and of those who spoke before', async () => {
    await start();
    const ann = await join('ann');
    const from = (client: StockClient) => client.frames.map(({ attrs }) => attrs['from']);
    expect(from(ann)).toContain(`metadata.${DOMAIN}`);
    expect(from(ann)).not.toContain(`speakerstats.${DOMAIN}`);
    const ben = await join('ben');
    leave(ben);
    await ben.seen(({ attrs }) => attrs['type'] === 'unavailable');
    const cy = await join('cy');
    const stats = await cy.seen(({ attrs }) => attrs['from'] === `speakerstats.${DOMAIN}`);
    expect(Object.keys(JSON.parse(stats.getChildText('json-message')!).users)).toEqual([ben.endpointId]);
  });

  it('H-110 the first one is an owner, and the next one once it has left', async () => {
    await start();
    const [ann, ben] = [await join('ann'), await join('ben')];
    const granted = await ann.seen((frame) => frame.getChild('permissions') !== undefined);
    expect(itemOf(granted)).toMatchObject({ affiliation: 'owner', role: 'moderator' });
    expect(itemOf(await ben.seen((frame) => isPresenceOf(frame, ann.endpointId)))).toMatchObject({ role: 'moderator' });
    await settle(ben);
    expect(ben.frames.some((frame) => frame.getChild('permissions') !== undefined)).toBe(false);
    leave(ann);
    await ben.seen((frame) => frame.getChild('permissions') !== undefined);
  });

  it.each([
    [{ owners: 'none' }, [false, false]],
    [{ owners: 'everybody' }, [true, true]],
    [{ checksTokens: true }, [true, true]],
  ] as const)('H-110 owners with %j', async (variant, expected) => {
    await start(variant);
    const both = [await join('ann', { machineUid: 'm' }), await join('ben', { machineUid: 'm' })];
    await Promise.all(both.map(settle));
    expect(both.map(({ frames }) => frames.some((frame) => frame.getChild('permissions') !== undefined))).toEqual(
      expected,
    );
  });

  it('H-110 an owner may kick, and nobody else', async () => {
    await start();
    const [ann, ben] = [await join('ann'), await join('ben')];
    const kick = (by: StockClient, whom: StockClient) => {
      const item = xml('item', { nick: whom.endpointId, role: 'none' }, xml('reason', {}, 'no reason'));
      return by.raw.ask('set', by.raw.roomJid, xml('query', { xmlns: NS.mucAdmin }, item));
    };
    expect((await kick(ben, ann)).attrs['type']).toBe('error');
    expect((await kick(ann, ben)).attrs['type']).toBe('result');
    const gone = await ben.seen(({ attrs }) => attrs['type'] === 'unavailable');
    expect(gone.toString()).toContain('<status code="307"/>');
    expect(gone.toString()).toContain(`<actor nick="${ann.endpointId}"/>`);
    expect((await settle(ben)).attrs['type']).toBe('result');
  });
});

describe('the focus of a stock Jitsi', () => {
  it('H-111 a client is asked for its features by the hash it shows, and offered nothing before it answers', async () => {
    await start();
    const caps = xml('c', { xmlns: NS.caps, hash: 'sha-1', node: 'https://jitsi.org/jitsi-meet', ver: 'abc=' });
    const ann = await join('ann', { payload: [caps], features: null });
    const ben = await join('ben');
    await offerIn(ben);
    const question = await ann.seen(isFeatureQuestion);
    expect(question.getChild('query')?.attrs['node']).toBe('https://jitsi.org/jitsi-meet#abc=');
    expect((await ben.seen(isFeatureQuestion)).getChild('query')?.attrs['node']).toBeUndefined();
    await settle(ann);
    expect(hasOffer(ann)).toBe(false);
    const { id, from } = question.attrs;
    ann.raw.send(xml('iq', { xmlns: NS.client, type: 'error', id, to: from }));
    await offerIn(ann);
  });

  it('H-111 a client that never answers is offered a session after 15 s', async () => {
    const clock = new ManualClock();
    await start({}, { clock });
    const [ann, ben] = [await join('ann', { features: null }), await join('ben')];
    await offerIn(ben);
    clock.advance(15_000);
    await offerIn(ann);
  });

  it('H-112 sessions are offered to two, and expire for one who has been alone for 20 s', async () => {
    const clock = new ManualClock();
    await start({}, { clock });
    const ann = await join('ann');
    await settle(ann);
    expect(hasOffer(ann)).toBe(false);
    const ben = await join('ben');
    await Promise.all([offerIn(ann), offerIn(ben)]);
    leave(ben);
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
    await start();
    const [ann] = [await join('ann'), await join('ben')];
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
      await start({ bridgeSources });
      const [ann, ben] = [await join('ann'), await join('ben')];
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
    await start();
    const [ann] = [await join('ann', { features: [] }), await join('ben')];
    const offer = await offerIn(ann);
    expect(offer.getChild('json-message')).toBeUndefined();
    const sources = offer
      .getChildren('content')
      .flatMap((content) => content.getChild('description')?.getChildren('source') ?? []);
    expect(sources.map(({ attrs }) => attrs['name'])).toEqual(['jvb-a0', 'jvb-v0']);
  });

  it('H-114 a source that is removed is withdrawn from the others', async () => {
    await start();
    const [ann, ben] = [await join('ann'), await join('ben')];
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
    await start({}, { clock });
    const ann = await join('ann');
    await join('ben');
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
    await start({}, { bridgeChannel: 'websocket' });
    const [ann] = [await join('ann'), await join('ben')];
    const offer = await offerIn(ann);
    expect(offer.getChildren('content').at(-1)?.getChild('transport')?.getChild('sctpmap')).toBeDefined();
    await (await channelOf(offer)).next((frame) => frame.includes('ServerHello'));
  });

  it('H-117 an endpoint whose media has not connected after 147 s is expired', async () => {
    const clock = new ManualClock();
    await start({}, { clock, bridgeChannel: 'websocket' });
    const [ann] = [await join('ann'), await join('ben')];
    const offer = await offerIn(ann);
    const channel = await channelOf(offer);
    clock.advance(146_000);
    await new Promise((resolve) => setTimeout(resolve, 700));
    expect(channel.ws.readyState).toBe(channel.ws.OPEN);
    clock.advance(1_500);
    expect(await channel.closed).toEqual({ code: 1001, reason: 'endpoint closed' });
    await expect(channelOf(offer)).rejects.toThrow('HTTP 403');
  });

  it('H-119 while there is no bridge the focus says so, and offers sessions again once somebody comes', async () => {
    const clock = new ManualClock();
    await start({}, { clock, faults: { allocationMs: 0, noBridgeMs: 60_000 } });
    const ann = await join('ann');
    await join('ben');
    const isAway = (frame: Element) => frame.getChild('bridgeNotAvailable', NS.focus) !== undefined;
    await ann.seen(isAway);
    expect(hasOffer(ann)).toBe(false);
    clock.advance(60_000);
    await join('cy');
    await offerIn(ann);
    const ofFocus = ann.frames.filter((frame) => isPresenceOf(frame, 'focus'));
    expect(ofFocus.map(isAway)).toEqual([false, true, false]);
    expect(ofFocus.at(-1)?.toString()).toContain('bridge-count');
  });

  it('H-119 a bridge that is lost takes its channels along', async () => {
    await start({}, { bridgeChannel: 'websocket' });
    const [ann] = [await join('ann'), await join('ben')];
    const channel = await channelOf(await offerIn(ann));
    world.hub.loseBridge(60_000);
    await channel.closed;
    await ann.seen((frame) => frame.getChild('bridgeNotAvailable', NS.focus) !== undefined);
    expect(world.hub.stats().channels).toBe(0);
  });

  it('H-119 a slow bridge delays the offer', async () => {
    await start({}, { faults: { allocationMs: 400, noBridgeMs: 0 } });
    const ann = await join('ann');
    const startedAtMs = performance.now();
    await join('ben');
    await offerIn(ann);
    expect(performance.now() - startedAtMs).toBeGreaterThanOrEqual(399);
  });
});
