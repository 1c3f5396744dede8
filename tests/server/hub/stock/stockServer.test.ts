import { describe, expect, it } from 'vitest';
import type { Admission } from '@/lib/core/admission';
import { NS } from '@/server/hub/xmpp/namespaces';
import { type Element, xml } from '@/server/hub/xmpp/stanza';
import { ManualClock } from '@/tests/support/manualClock';
import { AUTH, DOMAIN, FRAMING_OPEN, RawClient, read } from '../rawClient';
import { isOwnPresence, isPresenceOf, type StockClient } from './stockClient';
import { StockWorld } from './stockWorld';

const stock = new StockWorld();

const itemOf = (presence: Element) => presence.getChild('x', NS.mucUser)?.getChild('item')?.attrs ?? {};

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
      await stock.start({}, { admission });
      const { client, answer } = await RawClient.authenticate(stock.world.port, 'any');
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
    await stock.start({}, { admission });
    const client = await RawClient.open(stock.world.port, 'any');
    client.socket.send(FRAMING_OPEN);
    await client.socket.next((frame) => frame.includes('<mechanisms'));
    client.socket.send(AUTH);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(client.socket.frames).toEqual([]);
    expect(client.socket.ws.readyState).toBe(client.socket.ws.OPEN);
  });

  it('H-104 a token opens any number of sessions of one person, all of which stay', async () => {
    await stock.start();
    const token = stock.world.tokens.issue('ann');
    const both = [await RawClient.connect(stock.world.port, token), await RawClient.connect(stock.world.port, token)];
    for (const client of both) {
      await client.ask('set', `focus.${DOMAIN}`, xml('conference', { xmlns: NS.focus, room: client.roomJid }));
      client.enter();
      await client.ownPresence();
    }
    expect(stock.world.hub.stats().sessions).toBe(2);
    await both[0]!.presenceOf(both[1]!.endpointId);
  });

  it('H-104 an expired token resumes nothing', async () => {
    await stock.start();
    const token = stock.world.tokens.issue('ann');
    const client = await RawClient.connect(stock.world.port, token);
    await client.enableResume();
    client.socket.ws.terminate();
    stock.world.tokens.expire(token);
    const { answer } = await RawClient.authenticate(stock.world.port, token);
    expect(read(answer).getChildText('text')).toMatch(/^Not acceptable by exp/);
  });

  it.each([NS.streamManagement, NS.streamManagement2])(
    'H-102 stream management in %s is answered in kind',
    async (xmlns) => {
      await stock.start();
      const token = stock.world.tokens.issue('ann');
      const client = await RawClient.connect(stock.world.port, token);
      client.send(`<enable xmlns="${xmlns}" resume="true"/>`);
      const { attrs } = read(await client.socket.next((frame) => frame.startsWith('<enabled')));
      expect(attrs).toEqual({ xmlns, id: attrs['id'], resume: 'true', max: '60' });
      client.send(`<r xmlns="${xmlns}"/>`);
      expect(read(await client.socket.next((frame) => frame.startsWith('<a '))).attrs).toEqual({ xmlns, h: '0' });
      client.socket.ws.terminate();
      const resume = async (previd?: string) => {
        const { client: again } = await RawClient.authenticate(stock.world.port, token, { previd });
        again.send(`<resume xmlns="${xmlns}" previd="${attrs['id']}" h="0"/>`);
        return read(await again.socket.next());
      };
      expect((await resume()).getChildElements().map(({ name }) => name)).toEqual(['item-not-found']);
      expect((await resume(attrs['id'])).attrs).toMatchObject({ xmlns, previd: attrs['id'] });
    },
  );

  it('H-102 there are no external services, and no conference requests over HTTP', async () => {
    await stock.start();
    const client = await RawClient.connect(stock.world.port, stock.world.tokens.issue('ann'));
    for (const xmlns of [NS.externalServices, NS.externalServices1]) {
      expect((await client.ask('get', DOMAIN, xml('services', { xmlns }))).attrs['type']).toBe('error');
    }
    const response = await fetch(`http://127.0.0.1:${stock.world.port}/conference-request/v1`, {
      method: 'POST',
      body: '{}',
    });
    expect(response.status).toBe(404);
  });
});

describe('a room of a stock Jitsi', () => {
  it('H-105 a room exists once its conference was asked for, for 15 s unless somebody enters, and until the last leaves', async () => {
    const clock = new ManualClock();
    await stock.start({}, { clock });
    const client = await RawClient.connect(stock.world.port, stock.world.tokens.issue('ann'));
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
    client.leave();
    expect(await tryToEnter()).toBe('Room does not exist');
  });

  it('H-106 where Jicofo checks tokens, a request without machine-uid is refused and opens nothing', async () => {
    await stock.start({ checksTokens: true });
    const client = await RawClient.connect(stock.world.port, stock.world.tokens.issue('ann'));
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
    await stock.start();
    const ann = await stock.join('ann', { payload: [xml('stats-id', {}, 'x'), xml('mood', { xmlns: 'm' }, 'fine')] });
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
    await ann.settle();
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
    await stock.start({ identity });
    const ann = await stock.join('ann');
    const claimed = xml('identity', {}, xml('user', {}, xml('id', {}, 'somebody else')));
    const eve = await stock.join('eve', { payload: [claimed] });
    const presence = await ann.seen((frame) => isPresenceOf(frame, eve.endpointId));
    expect(presence.getChildren('identity').map((one) => one.getChild('user')?.getChildText('id'))).toEqual([seen]);
  });

  it('H-101 a stock Jitsi knows no spectators', async () => {
    await stock.start();
    const ann = await stock.join('ann');
    const token = stock.world.tokens.issue('sue', { role: 'spectator' });
    const sue = await RawClient.connect(stock.world.port, token);
    await sue.ask('set', `focus.${DOMAIN}`, xml('conference', { xmlns: NS.focus, room: sue.roomJid }));
    sue.enter(xml('jitsi_participant_hat', {}, 'red'));
    expect((await ann.seen((frame) => isPresenceOf(frame, sue.endpointId))).toString()).toContain('red');
  });

  it('H-109 a newcomer is told of metadata, and of who spoke before', async () => {
    await stock.start();
    const ann = await stock.join('ann');
    const from = (client: StockClient) => client.frames.map(({ attrs }) => attrs['from']);
    expect(from(ann)).toContain(`metadata.${DOMAIN}`);
    expect(from(ann)).not.toContain(`speakerstats.${DOMAIN}`);
    const ben = await stock.join('ben');
    ben.raw.leave();
    await ben.seen(({ attrs }) => attrs['type'] === 'unavailable');
    const cy = await stock.join('cy');
    const stats = await cy.seen(({ attrs }) => attrs['from'] === `speakerstats.${DOMAIN}`);
    expect(Object.keys(JSON.parse(stats.getChildText('json-message')!).users)).toEqual([ben.endpointId]);
  });

  it('H-110 the first one is an owner, and the next one once it has left', async () => {
    await stock.start();
    const [ann, ben] = [await stock.join('ann'), await stock.join('ben')];
    const granted = await ann.seen((frame) => frame.getChild('permissions') !== undefined);
    expect(itemOf(granted)).toMatchObject({ affiliation: 'owner', role: 'moderator' });
    expect(itemOf(await ben.seen((frame) => isPresenceOf(frame, ann.endpointId)))).toMatchObject({ role: 'moderator' });
    await ben.settle();
    expect(ben.frames.some((frame) => frame.getChild('permissions') !== undefined)).toBe(false);
    ann.raw.leave();
    await ben.seen((frame) => frame.getChild('permissions') !== undefined);
  });

  it.each([
    [{ owners: 'none' }, [false, false]],
    [{ owners: 'everybody' }, [true, true]],
    [{ checksTokens: true }, [true, true]],
  ] as const)('H-110 owners with %j', async (variant, expected) => {
    await stock.start(variant);
    const both = [await stock.join('ann', { machineUid: 'm' }), await stock.join('ben', { machineUid: 'm' })];
    await Promise.all(both.map((client) => client.settle()));
    expect(both.map(({ frames }) => frames.some((frame) => frame.getChild('permissions') !== undefined))).toEqual(
      expected,
    );
  });

  it('H-110 an owner may kick, and nobody else', async () => {
    await stock.start();
    const [ann, ben] = [await stock.join('ann'), await stock.join('ben')];
    const kick = (by: StockClient, whom: StockClient) => {
      const item = xml('item', { nick: whom.endpointId, role: 'none' }, xml('reason', {}, 'no reason'));
      return by.raw.ask('set', by.raw.roomJid, xml('query', { xmlns: NS.mucAdmin }, item));
    };
    expect((await kick(ben, ann)).attrs['type']).toBe('error');
    expect((await kick(ann, ben)).attrs['type']).toBe('result');
    const gone = await ben.seen(({ attrs }) => attrs['type'] === 'unavailable');
    expect(gone.toString()).toContain('<status code="307"/>');
    expect(gone.toString()).toContain(`<actor nick="${ann.endpointId}"/>`);
    expect((await ben.settle()).attrs['type']).toBe('result');
  });
});
