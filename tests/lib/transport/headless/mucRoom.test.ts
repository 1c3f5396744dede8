import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attrOf, type Element, NS, xml } from '@/lib/transport/headless/element';
import { MucRoom, type MucRoomEvents } from '@/lib/transport/headless/mucRoom';
import { anyElement } from './anyElement';

const ROOM = 'tavern@muc';
const SELF = 'abcd1234';

function presence(nick: string, type: string | undefined, ...children: Element[]): Element {
  return xml('presence', { from: `${ROOM}/${nick}`, type }, ...children);
}

function user(...children: Element[]): Element {
  return xml('x', { xmlns: NS.mucUser }, ...children);
}

const status = (code: string) => xml('status', { code });
const identity = (id: string) => xml('identity', {}, xml('user', {}, xml('id', {}, id)));
const hidden = () => xml('jitsi_participant_parley_hidden', {}, 'true');

/** A room that is being entered, and what it reports. */
function enter() {
  const told: string[] = [];
  const sent: Element[] = [];
  const room = new MucRoom({ roomJid: ROOM, nick: SELF }, (stanza) => sent.push(stanza), {
    onJoined: ({ endpointId, personId }) => told.push(`${endpointId} is ${personId}`),
    onLeft: (endpointId) => told.push(`${endpointId} left`),
    onHidden: (endpointId, isHidden) => told.push(`${endpointId} ${isHidden ? 'hidden' : 'shown'}`),
    onUnheard: (endpointId, isUnheard) => told.push(`${endpointId} ${isUnheard ? 'unheard' : 'heard again'}`),
    onBridgeAway: (isAway) => told.push(isAway ? 'no bridge' : 'a bridge'),
    onOwner: (endpointId) => told.push(`${endpointId} owns`),
    onOccupant: (endpointId, occupantId) => told.push(`${endpointId} is session ${occupantId}`),
    onOut: (error) => told.push(`out: ${error.reason}`),
  });
  const entered = room.enter({ isHidden: true, isUnheard: false, isSpeaking: false, hearsScreens: false });
  return { room, told, sent, entered };
}

/** A room that has been entered. */
async function inside() {
  const entering = enter();
  entering.room.take(presence(SELF, undefined, user(status('110'))));
  await entering.entered;
  return entering;
}

describe('MucRoom', () => {
  it('a MUC room is entered once its own presence arrives, and does not report the focus', async () => {
    const { room, told, sent, entered } = enter();
    expect(sent[0]?.getChild('jitsi_participant_parley_hidden')?.getText()).toBe('true');
    room.take(presence('focus', undefined, user()));
    room.take(presence('x', undefined, user(), identity('ann')));
    room.take(presence(SELF, undefined, user(status('110'))));
    await entered;
    expect(told).toEqual(['x is ann']);
  });

  it('T-57 the focus says that it has no bridge, and that it has one again; no one else can', async () => {
    const { room, told } = await inside();
    const away = () => xml('bridgeNotAvailable', { xmlns: NS.jitsiMeet });
    room.take(presence('focus', undefined, user(), away()));
    room.take(presence('focus', undefined, user(), away()));
    room.take(presence('focus', undefined, user()));
    room.take(presence('x', undefined, user(), away()));
    expect(told).toEqual(['no bridge', 'a bridge', 'x is null']);
  });

  it('T-58 an occupant that owns the room is reported, also the local one, but not the focus', async () => {
    const { room, told } = await inside();
    const owner = () => xml('item', { affiliation: 'owner', role: 'moderator' });
    room.take(presence('focus', undefined, user(owner())));
    room.take(presence('x', undefined, user(xml('item', { affiliation: 'none' }))));
    expect(told).toEqual(['x is null']);
    room.take(presence('x', undefined, user(owner())));
    room.take(presence(SELF, undefined, user(owner(), status('110'))));
    expect(told.slice(1)).toEqual(['x owns', `${SELF} owns`]);
  });

  it('status 110 marks the own presence, under any nick', async () => {
    const { room, told, entered } = enter();
    room.take(presence('y', undefined, user(status('110'))));
    await entered;
    expect(told).toEqual([]);
  });

  it('an occupant is reported with the person its presence names, and whether its page is hidden', async () => {
    const { room, told } = await inside();
    room.take(presence('x', undefined, user(), identity('ann'), hidden()));
    room.take(presence('y', undefined, user()));
    expect(told).toEqual(['x is ann', 'x hidden', 'y is null']);
  });

  it('each change of an occupant is reported once', async () => {
    const { room, told } = await inside();
    for (let k = 0; k < 2; k += 1) room.take(presence('x', undefined, user(), hidden()));
    room.take(presence('x', undefined, user()));
    for (let k = 0; k < 2; k += 1) room.take(presence('x', 'unavailable', user()));
    expect(told).toEqual(['x is null', 'x hidden', 'x shown', 'x left']);
  });

  it.each([
    ['leaves', []],
    ['is kicked', [status('307')]],
    ['is banned', [status('301')]],
  ])('an occupant that %s has left', async (_how, children) => {
    const { room, told } = await inside();
    room.take(presence('x', undefined, user()));
    room.take(presence('x', 'unavailable', user(...children)));
    expect(told).toEqual(['x is null', 'x left']);
  });

  it('presences from elsewhere, or of other types, are ignored', async () => {
    const { room, told } = await inside();
    room.take(xml('presence', { from: 'cellar@muc/x' }));
    room.take(xml('presence', { from: ROOM }));
    room.take(xml('presence', {}));
    room.take(presence('x', 'subscribe'));
    expect(told).toEqual([]);
  });

  it.each([
    ['notAllowed', ['not-allowed']],
    ['notAllowed', ['registration-required']],
    ['unreachable', ['service-unavailable']],
    // The focus has left the room, or has not made it yet.
    ['unreachable', ['not-allowed', 'room-does-not-exist']],
  ])('T-84 entering a MUC room fails as %s for %s, with what the room says', async (reason, conditions) => {
    const { room, entered } = enter();
    const error = (...children: Element[]) =>
      room.take(presence(SELF, 'error', xml('error', { type: 'cancel' }, ...children)));
    error(...conditions.map((condition) => xml(condition, {})), xml('text', {}, 'No, not you'));
    await expect(entered).rejects.toMatchObject({
      reason,
      detail: 'No, not you',
      message: expect.stringContaining('The server says: "No, not you".'),
    });
  });

  it('T-84 a MUC room without a text of its own is told by its condition', async () => {
    const { room, entered } = enter();
    room.take(presence(SELF, 'error', xml('error', { type: 'cancel' }, xml('forbidden', {}))));
    await expect(entered).rejects.toMatchObject({ reason: 'notAllowed', detail: 'forbidden' });
  });

  it('T-83 every presence of a headless transport says what it can do', async () => {
    const { room, sent } = await inside();
    room.announce({ isHidden: true });
    expect(sent.map((stanza) => attrOf(stanza.getChild('c', NS.caps), 'hash'))).toEqual(['sha-1', 'sha-1']);
  });

  it.each([
    ['kicked', presence(SELF, 'unavailable', user(status('110'), status('307')))],
    ['kicked', presence(SELF, 'unavailable', user(status('301')))],
    ['conferenceDestroyed', presence(SELF, 'unavailable', user(xml('destroy', {}, xml('reason', {}, 'ended'))))],
    ['conferenceDestroyed', presence('x', 'unavailable', user(xml('destroy')))],
    ['lost', presence(SELF, 'unavailable', user())],
    ['lost', presence('focus', 'unavailable', user())],
  ])('being out of a MUC room is reported once, as %s', async (reason, stanza) => {
    const { room, told } = await inside();
    room.take(stanza);
    room.take(stanza);
    expect(told).toEqual([`out: ${reason}`]);
  });

  it('T-24 an occupant that media does not come through to says so in its presence, and so does the local one', async () => {
    const { room, told, sent } = await inside();
    const unheard = (isSo: boolean) => xml('jitsi_participant_parley_unheard', {}, String(isSo));
    for (const isSo of [true, true, false]) room.take(presence('x', undefined, user(), identity('ann'), unheard(isSo)));
    expect(told).toEqual(['x is ann', 'x unheard', 'x heard again']);
    room.announce({ isUnheard: true });
    const said = sent.map((stanza) => stanza.getChild('jitsi_participant_parley_unheard')?.getText());
    expect(said).toEqual(['false', 'true']);
  });

  it('T-109 the server says which session is behind each occupant; what a client wrote elsewhere says nothing', async () => {
    const { room, told } = await inside();
    const occupant = (id: string, xmlns: string = NS.occupantId) => xml('occupant-id', { xmlns, id });
    room.take(presence(SELF, undefined, user(status('110')), occupant('mine=')));
    const forged = [xml('x', { xmlns: 'urn:own' }, occupant('forged')), occupant('forged', 'urn:other')];
    room.take(presence('x', undefined, ...forged, occupant('A+/='), user()));
    room.take(presence('y', undefined, ...forged, user()));
    const said = told.filter((line) => line.includes('session'));
    expect(said).toEqual([`${SELF} is session mine=`, 'x is session A+/=']);
  });

  it('no stanza makes a MUC room throw', () => {
    const ignore = () => {};
    const events: MucRoomEvents = {
      onJoined: ignore,
      onLeft: ignore,
      onHidden: ignore,
      onUnheard: ignore,
      onBridgeAway: ignore,
      onOwner: ignore,
      onOccupant: ignore,
      onOut: ignore,
    };
    fc.assert(
      fc.property(fc.array(anyElement, { maxLength: 10 }), (elements) => {
        const room = new MucRoom({ roomJid: ROOM, nick: SELF }, ignore, events);
        for (const element of elements) {
          room.take(element);
          room.take(xml('presence', { ...(element.attrs as Record<string, string>), from: `${ROOM}/x` }, element));
        }
      }),
      { numRuns: 300 },
    );
  });
});
