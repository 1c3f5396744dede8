import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HubEvents } from '@/server/hub/hub';
import { NS } from '@/server/hub/xmpp/namespaces';
import { xml } from '@/server/hub/xmpp/stanza';
import { DOMAIN, RawClient, read } from '../rawClient';
import { startTestHub, type TestHub } from '../testHub';

let world: TestHub;
let heard: [string, HubEvents['occupantJoined']][];

beforeEach(async () => {
  world = await startTestHub();
  heard = [];
  world.hub.events.on('occupantJoined', (occupant) => heard.push(['joined', occupant]));
  world.hub.events.on('occupantLeft', (occupant) => heard.push(['left', occupant]));
});

afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.close();
});

const join = (personId: string, options = {}) =>
  RawClient.join(world.port, world.tokens.issue(personId, options), options);

const hat = (colour: string) => xml('jitsi_participant_hat', {}, colour);

/** Waits until everything the hub sent to a client has arrived. */
const settle = (client: RawClient) => client.ask('get', DOMAIN, xml('ping', { xmlns: NS.ping }));

describe('a room', () => {
  it('H-13 a session that enters sees the focus, then the others, then itself, then the subject', async () => {
    const ann = await join('ann');
    const ben = await RawClient.connect(world.port, world.tokens.issue('ben'));
    ben.enter();
    const frames = [await ben.socket.next(), await ben.socket.next(), await ben.socket.next(), await ben.socket.next()];
    const nicks = frames.slice(0, 3).map((frame) => read(frame).attrs['from']?.split('/')[1]);
    expect(nicks).toEqual(['focus', ann.endpointId, ben.endpointId]);
    expect(frames[0]).toContain(`jid="focus@auth.${DOMAIN}/focus"`);
    expect(frames[2]).toContain('<status code="110"/>');
    expect(frames.join('')).not.toContain('code="201"');
    expect(read(frames[3] ?? '').getChildText('subject')).toBe('');
    await ann.presenceOf(ben.endpointId);
  });

  it('H-13 no occupant is a moderator, or may kick, grant or destroy', async () => {
    const [ann, ben] = [await join('ann'), await join('ben')];
    const seen = read(await ann.presenceOf(ben.endpointId))
      .getChild('x', NS.mucUser)
      ?.getChild('item')?.attrs;
    expect(seen).toEqual({ affiliation: 'none', role: 'participant', jid: ben.jid });
    const admin = 'http://jabber.org/protocol/muc#admin';
    const kick = xml('query', { xmlns: admin }, xml('item', { nick: ben.endpointId, role: 'none' }));
    const grant = xml('query', { xmlns: admin }, xml('item', { nick: ann.endpointId, affiliation: 'owner' }));
    const destroy = xml('query', { xmlns: 'http://jabber.org/protocol/muc#owner' }, xml('destroy'));
    for (const query of [kick, grant, destroy]) {
      expect((await ann.ask('set', ann.roomJid, query)).toString()).toContain('<forbidden');
    }
    expect(world.hub.stats().sessions).toBe(2);
  });

  it('H-2 a session enters only the room of its token', async () => {
    const client = await RawClient.connect(world.port, world.tokens.issue('ann', { room: 'tavern' }), {
      room: 'castle',
    });
    client.enter();
    const error = await client.socket.next((frame) => frame.includes('type="error"'));
    expect(error).toMatch(/<error type="cancel"><not-allowed xmlns="urn:ietf:params:xml:ns:xmpp-stanzas"\/>/);
    expect(world.hub.stats().rooms).toBe(0);
    const other = await join('ben', { room: 'castle' });
    client.send(xml('message', { to: other.roomJid, type: 'groupchat' }, xml('body', {}, 'psst')));
    await settle(client);
    await settle(other);
    expect(other.socket.frames.join('')).not.toContain('psst');
  });

  it('H-2 stanzas to another room go nowhere, not even to the own room', async () => {
    const [ann, ben] = [await join('ann'), await join('ben')];
    const castle = `castle@conference.${DOMAIN}`;
    ann.send(xml('message', { to: castle, type: 'groupchat' }, xml('body', {}, 'astray')));
    expect((await ann.ask('get', castle, xml('query', { xmlns: NS.discoInfo }))).toString()).toContain('not-allowed');
    await settle(ben);
    expect(ben.socket.frames.join('')).not.toContain('astray');
  });

  it('H-13 a nick other than the endpoint id is refused', async () => {
    const client = await RawClient.connect(world.port, world.tokens.issue('ann'));
    for (const nick of ['focus', 'ffffffff', '']) {
      client.send(xml('presence', { to: `${client.roomJid}/${nick}` }, xml('x', { xmlns: NS.muc })));
      expect(await client.socket.next((frame) => frame.includes('type="error"'))).toContain('not-acceptable');
    }
  });

  it('H-14 identity and nick in a presence come from the token, whatever the client claims', async () => {
    const ann = await join('ann');
    const ben = await RawClient.connect(world.port, world.tokens.issue('ben', { name: 'Ben <b> & "Co"' }));
    const forged = xml('identity', {}, xml('user', {}, xml('id', {}, 'ann'), xml('name', {}, 'Ann')));
    ben.enter(
      forged,
      xml('nick', { xmlns: NS.nick }, 'Ann'),
      xml('jitsi_participant_hat', {}, 'red'),
      xml('x', { xmlns: NS.mucUser }),
    );
    const presence = read(await ann.presenceOf(ben.endpointId));
    const identities = presence.getChildren('identity');
    expect(identities).toHaveLength(1);
    expect(identities[0]?.toString()).toBe(
      '<identity><user><id>ben</id><name>Ben &lt;b&gt; &amp; "Co"</name></user><group>participant</group></identity>',
    );
    expect(presence.getChildren('nick').map((nick) => nick.getText())).toEqual(['Ben <b> & "Co"']);
    expect(presence.getChildText('jitsi_participant_hat')).toBe('red');
    expect(presence.children.findIndex((child) => typeof child === 'object' && child.name === 'x')).toBe(0);
    expect(presence.getChildren('x')).toHaveLength(1);
  });

  it('H-14 a changed presence is stamped again', async () => {
    const [ann, ben] = [await join('ann'), await join('ben')];
    await ann.presenceOf(ben.endpointId);
    ben.send(xml('presence', { to: `${ben.roomJid}/${ben.endpointId}` }, xml('identity'), hat('blue')));
    const presence = read(await ann.presenceOf(ben.endpointId));
    expect(presence.getChild('identity')?.getChild('user')?.getChildText('id')).toBe('ben');
    expect(presence.getChildText('jitsi_participant_hat')).toBe('blue');
  });

  it('H-16 a presence over the limit, and an occupant over the limit, are refused', async () => {
    await world.close();
    world = await startTestHub({ limits: { occupantsMaxPerRoom: 1, presenceMaxBytes: 2_000 } });
    const ann = await RawClient.connect(world.port, world.tokens.issue('ann'));
    ann.enter(xml('big', {}, 'x'.repeat(2_000)));
    expect(await ann.socket.next((frame) => frame.includes('type="error"'))).toContain('policy-violation');
    ann.enter();
    await ann.ownPresence();
    const ben = await RawClient.connect(world.port, world.tokens.issue('ben'));
    ben.enter();
    expect(await ben.socket.next((frame) => frame.includes('type="error"'))).toContain('service-unavailable');
  });

  it('H-16 a room full of spectators still lets those with a seat in', async () => {
    await world.close();
    world = await startTestHub({ limits: { occupantsMaxPerRoom: 4, spectatorsMaxPerRoom: 2 } });
    const connect = (personId: string, role: 'participant' | 'spectator') =>
      RawClient.connect(world.port, world.tokens.issue(personId, { role }));
    const watching = [];
    for (const name of ['v', 'w', 'x']) watching.push(await connect(name, 'spectator'));
    for (const spectator of watching) spectator.enter();
    await Promise.all(watching.slice(0, 2).map((spectator) => spectator.ownPresence()));
    const refusal = await watching[2]!.socket.next((frame) => frame.includes('type="error"'));
    expect(refusal).toContain('service-unavailable');
    for (const name of ['ann', 'ben']) {
      const seated = await connect(name, 'participant');
      seated.enter();
      await seated.ownPresence();
    }
  });

  it('H-15 messages and questions for features are relayed from the room’s address, subjects never', async () => {
    const [ann, ben] = [await join('ann'), await join('ben')];
    ann.send(xml('message', { to: ann.roomJid, type: 'groupchat', from: 'somebody@else' }, xml('subject', {}, 'mine')));
    ann.send(xml('message', { to: ann.roomJid, type: 'groupchat', from: 'somebody@else' }, xml('body', {}, 'to all')));
    ann.send(xml('message', { to: `${ann.roomJid}/${ben.endpointId}`, type: 'chat' }, xml('body', {}, 'to you')));
    const first = await ben.socket.next((frame) => frame.includes('<body>'));
    expect(read(first).attrs['from']).toBe(`${ann.roomJid}/${ann.endpointId}`);
    expect(first).toContain('to all');
    expect(await ben.socket.next((frame) => frame.includes('<body>'))).toContain('to you');
    ann.send(
      xml(
        'iq',
        { type: 'get', id: 'caps', to: `${ann.roomJid}/${ben.endpointId}` },
        xml('query', { xmlns: NS.discoInfo }),
      ),
    );
    const asked = read(await ben.socket.next((frame) => frame.startsWith('<iq') && frame.includes('disco#info')));
    expect(asked.attrs).toMatchObject({ from: `${ann.roomJid}/${ann.endpointId}`, to: ben.jid });
    const answer = { type: 'result', id: asked.attrs['id'], to: asked.attrs['from'] };
    ben.send(xml('iq', answer, xml('query', { xmlns: NS.discoInfo }, xml('feature', { var: 'dance' }))));
    const answered = await ann.socket.next((frame) => frame.includes('id="caps"'));
    expect(read(answered).attrs).toMatchObject({ type: 'result', from: `${ann.roomJid}/${ben.endpointId}` });
    expect(answered).toContain('<feature var="dance"/>');
    const lost = await ann.ask('get', `${ann.roomJid}/ffffffff`, xml('query', { xmlns: NS.discoInfo }));
    expect(lost.toString()).toContain('item-not-found');
  });

  it('H-27 of a presence only what clients need is shown, and of a spectator only which client it is', async () => {
    const ann = await join('ann');
    const caps = xml('c', { xmlns: NS.caps, hash: 'sha-1', node: 'https://example.org', ver: 'abc=', extra: 'psst' });
    const claims = [
      caps,
      hat('red'),
      xml('SourceInfo', { psst: '1' }, '{"a0":{"muted":true}}'),
      xml('audiomuted', { xmlns: 'psst' }, 'true'),
      xml('free', {}, 'psst'),
      xml('status', {}, 'psst'),
      xml('jitsi_participant_deep', {}, xml('psst')),
    ];
    const ben = await RawClient.connect(world.port, world.tokens.issue('ben'));
    ben.enter(...claims);
    const shown = read(await ann.presenceOf(ben.endpointId));
    expect(shown.toString()).not.toContain('psst');
    expect(shown.getChildText('SourceInfo')).toBe('{"a0":{"muted":true}}');
    expect(shown.getChildText('jitsi_participant_hat')).toBe('red');
    const eve = await RawClient.connect(world.port, world.tokens.issue('eve', { role: 'spectator' }));
    eve.enter(...claims);
    const seen = read(await ann.presenceOf(eve.endpointId));
    expect(seen.getChildElements().map(({ name }) => name)).toEqual(['x', 'c', 'identity', 'nick']);
    expect(seen.getChild('c')?.attrs).toEqual({
      xmlns: NS.caps,
      hash: 'sha-1',
      node: 'https://example.org',
      ver: 'abc=',
    });
    eve.send(xml('presence', { to: `${eve.roomJid}/${eve.endpointId}` }, xml('c', { ...caps.attrs, ver: 'psst' })));
    await settle(eve);
    await settle(ann);
    expect(ann.socket.frames.join('')).not.toContain(`from="${eve.roomJid}/${eve.endpointId}"`);
  });

  it('H-27 occupants can ask each other for their features and answer; no other IQ reaches an occupant', async () => {
    const ann = await join('ann');
    const eve = await join('eve', { role: 'spectator' });
    const [annAddress, eveAddress] = [ann, eve].map(({ roomJid, endpointId }) => `${roomJid}/${endpointId}`);
    const free = [
      xml('iq', { type: 'get', id: 'psst', to: annAddress }, xml('ping', { xmlns: NS.ping })),
      xml('iq', { type: 'set', id: 'psst', to: annAddress }, xml('query', { xmlns: NS.discoInfo })),
      xml('iq', { type: 'result', id: 'psst', to: annAddress }, xml('query', { xmlns: NS.discoInfo })),
      xml('iq', { type: 'error', id: 'hub-1', to: annAddress }, xml('psst')),
    ];
    for (const stanza of free) eve.send(stanza);
    const question = xml('query', { xmlns: NS.discoInfo, node: 'psst' }, xml('psst'));
    eve.send(xml('iq', { type: 'get', id: 'psst', to: annAddress }, question));
    const asked = await ann.socket.next((frame) => frame.startsWith('<iq') && frame.includes('disco#info'));
    expect(asked).not.toContain('psst');
    const answer = xml('query', { xmlns: NS.discoInfo }, xml('feature', { var: 'dance' }), xml('secret'));
    const reply = xml('iq', { type: 'result', id: read(asked).attrs['id'], to: eveAddress }, answer);
    ann.send(reply);
    ann.send(reply);
    const heard = await eve.socket.next((frame) => frame.includes('dance'));
    expect(heard).not.toContain('secret');
    await settle(ann);
    await settle(eve);
    expect(ann.socket.frames.join('')).not.toContain('psst');
    expect(eve.socket.frames.join('')).not.toContain('dance');
    expect(world.hub.stats().dropped.stanzaNotRelayed).toBe(5);
  });

  it('H-27 an occupant is asked for its features once, however many want to know and however often', async () => {
    const ann = await join('ann');
    const [eve, ben] = [await join('eve', { role: 'spectator' }), await join('ben')];
    const annAddress = `${ann.roomJid}/${ann.endpointId}`;
    const ask = (client: RawClient, id: string) =>
      client.send(xml('iq', { type: 'get', id, to: annAddress }, xml('query', { xmlns: NS.discoInfo })));
    for (let count = 0; count < 40; count += 1) ask(eve, `eve-${count}`);
    await settle(eve);
    ask(ben, 'ben-0');
    await settle(ben);
    await settle(ann);
    const questions = ann.socket.frames.filter((frame) => frame.includes('disco#info'));
    expect(questions).toHaveLength(1);
    const features = xml('query', { xmlns: NS.discoInfo }, xml('feature', { var: 'dance' }));
    const { id, from } = read(questions[0]!).attrs;
    ann.send(xml('iq', { type: 'result', id, to: from }, features));
    expect(await ben.socket.next((frame) => frame.includes('id="ben-0"'))).toContain('<feature var="dance"/>');
    await settle(eve);
    expect(eve.socket.frames.filter((frame) => frame.includes('dance'))).toHaveLength(40);
    ask(ben, 'ben-1');
    const known = read(await ben.socket.next((frame) => frame.includes('id="ben-1"')));
    expect(known.attrs).toMatchObject({ type: 'result', from: annAddress });
    await settle(ann);
    expect(ann.socket.frames.filter((frame) => frame.includes('disco#info'))).toHaveLength(1);
  });

  it('H-27 an occupant that shows another client is asked again', async () => {
    const [ann, ben] = [await join('ann'), await join('ben')];
    const isQuestion = (frame: string) => frame.startsWith('<iq') && frame.includes('disco#info');
    const ask = (id: string) =>
      ben.send(
        xml('iq', { type: 'get', id, to: `${ann.roomJid}/${ann.endpointId}` }, xml('query', { xmlns: NS.discoInfo })),
      );
    ask('first');
    const { id, from } = read(await ann.socket.next(isQuestion)).attrs;
    ann.send(xml('iq', { type: 'error', id, to: from }));
    expect(read(await ben.socket.next((frame) => frame.includes('id="first"'))).attrs['type']).toBe('error');
    const caps = xml('c', { xmlns: NS.caps, hash: 'sha-1', node: 'https://example.org', ver: 'new=' });
    ann.send(xml('presence', { to: `${ann.roomJid}/${ann.endpointId}` }, caps));
    await settle(ann);
    ask('second');
    await ann.socket.next(isQuestion);
  });

  it('H-28 what a client has relayed is limited in bytes: a long message is dropped, and a flooder is cut off', async () => {
    const [ann, ben] = [await join('ann'), await join('ben')];
    const say = (text: string) =>
      ann.send(xml('message', { to: ann.roomJid, type: 'groupchat' }, xml('body', {}, text)));
    say('x'.repeat(5_000));
    await settle(ann);
    expect(world.hub.stats().dropped.tooLarge).toBe(1);
    for (let count = 0; count < 12; count += 1) say(`${count}${'y'.repeat(3_900)}`);
    expect((await ann.socket.closed).code).toBe(1008);
    await settle(ben);
    const relayed = ben.socket.frames.filter((frame) => frame.includes('yyy'));
    expect(relayed.length).toBeGreaterThan(3);
    expect(relayed.length).toBeLessThan(9);
    expect(ben.socket.frames.join('')).not.toContain('xxx');
  });

  it('H-28 entering and leaving over and over counts as relayed', async () => {
    const eve = await RawClient.connect(world.port, world.tokens.issue('eve', { role: 'spectator' }));
    for (let count = 0; count < 60; count += 1) {
      eve.enter();
      eve.send(xml('presence', { to: `${eve.roomJid}/${eve.endpointId}`, type: 'unavailable' }));
    }
    expect((await eve.socket.closed).code).toBe(1008);
  });

  it('H-33 a spectator’s messages are not relayed on XMPP either', async () => {
    const ann = await join('ann');
    const spectator = await join('eve', { role: 'spectator' });
    const to = `${ann.roomJid}/${ann.endpointId}`;
    spectator.send(xml('message', { to: ann.roomJid, type: 'groupchat' }, xml('json-message', {}, '{"type":"pose"}')));
    spectator.send(xml('message', { to, type: 'chat' }, xml('body', {}, 'psst')));
    expect((await spectator.ask('set', to, xml('jingle', { xmlns: NS.jingle, sid: 'forged' }))).toString()).toContain(
      'forbidden',
    );
    await settle(ann);
    expect(ann.socket.frames.join('')).not.toMatch(/json-message|psst|forged/);
    expect(world.hub.stats().dropped.spectatorStanza).toBe(2);
  });

  it('H-17 a person joins and leaves once, however many sessions it has', async () => {
    const ann = await join('ann');
    const eve = await join('eve', { role: 'spectator' });
    eve.send(xml('presence', { to: `${eve.roomJid}/${eve.endpointId}`, type: 'unavailable' }));
    const gone = read(await ann.socket.next((frame) => frame.includes('type="unavailable"')));
    expect(gone.attrs['from']).toBe(`${ann.roomJid}/${eve.endpointId}`);
    ann.send(xml('presence', { type: 'unavailable' }));
    await settle(ann);
    expect(heard).toEqual([
      ['joined', { room: 'tavern', personId: 'ann', role: 'participant' }],
      ['joined', { room: 'tavern', personId: 'eve', role: 'spectator' }],
      ['left', { room: 'tavern', personId: 'eve', role: 'spectator' }],
      ['left', { room: 'tavern', personId: 'ann', role: 'participant' }],
    ]);
    expect(world.hub.stats().rooms).toBe(0);
  });

  it('H-7 a second session of a person takes over: the older leaves before the newer enters', async () => {
    const ann = await join('ann');
    const before = await join('ben');
    await ann.presenceOf(before.endpointId);
    const channel = await before.openChannel();
    const after = await join('ben');
    const told = read(await ann.socket.next((frame) => frame.startsWith('<presence')));
    expect(told.attrs).toMatchObject({ type: 'unavailable', from: `${ann.roomJid}/${before.endpointId}` });
    expect(told.toString()).not.toContain('code="307"');
    expect(read(await ann.socket.next((frame) => frame.startsWith('<presence'))).attrs['from']).toBe(
      `${ann.roomJid}/${after.endpointId}`,
    );
    const kicked = await before.socket.next((frame) => frame.includes('code="307"'));
    expect(kicked).toContain('<reason>replaced</reason>');
    await before.socket.closed;
    await channel.closed;
    await settle(after);
    expect(after.socket.frames.join('')).not.toContain(before.endpointId);
    expect(heard.filter(([, occupant]) => occupant.personId === 'ben')).toHaveLength(1);
    expect(world.hub.stats()).toMatchObject({ sessions: 2, rooms: 1 });
  });

  it('H-7 a second session also takes over one that waits to be resumed', async () => {
    const ann = await join('ann');
    const before = await join('ben');
    await before.enableResume();
    before.socket.ws.terminate();
    const after = await join('ben');
    await ann.presenceOf(after.endpointId);
    expect(world.hub.stats().sessions).toBe(2);
    expect(heard.filter(([what]) => what === 'left')).toEqual([]);
  });

  it('H-18 removing a person kicks and closes each of its sessions', async () => {
    const [ann, ben] = [await join('ann'), await join('ben')];
    const channel = await ben.openChannel();
    world.hub.removePerson('tavern', 'ben');
    const kicked = await ben.socket.next((frame) => frame.includes('type="unavailable"'));
    expect(kicked).toContain('<status code="110"/>');
    expect(kicked).toContain('<status code="307"/>');
    expect(await ann.socket.next((frame) => frame.includes('type="unavailable"'))).toContain('<status code="307"/>');
    await ben.socket.closed;
    await channel.closed;
    expect(heard.at(-1)).toEqual(['left', { room: 'tavern', personId: 'ben', role: 'participant' }]);
    world.hub.removePerson('tavern', 'nobody');
    world.hub.removePerson('nowhere', 'ann');
    expect(world.hub.stats().sessions).toBe(1);
  });

  it('H-18 ending a room destroys it for every occupant and leaves other rooms alone', async () => {
    const [ann, ben] = [await join('ann'), await join('ben')];
    const other = await join('cid', { room: 'castle' });
    const channels = [await ann.openChannel(), await ben.openChannel()];
    world.hub.endRoom('tavern');
    for (const client of [ann, ben]) {
      expect(await client.socket.next((frame) => frame.includes('<destroy>'))).toContain('type="unavailable"');
      await client.socket.closed;
    }
    for (const channel of channels) await channel.closed;
    await settle(other);
    expect(world.hub.stats()).toMatchObject({ rooms: 1, sessions: 1 });
  });

  it("H-24 disco#info tells a room's id, which changes once every occupant has left", async () => {
    const meetingId = async (client: RawClient) => {
      const info = await client.ask('get', client.roomJid, xml('query', { xmlns: NS.discoInfo }));
      return /muc#roominfo_meetingId"><value>([0-9a-f]{16})</.exec(info.toString())?.[1];
    };
    const ann = await join('ann');
    const first = await meetingId(ann);
    expect(first).toBeDefined();
    expect(await meetingId(await join('ben'))).toBe(first);
    world.hub.endRoom('tavern');
    expect(await meetingId(await join('ann'))).not.toBe(first);
  });
});
