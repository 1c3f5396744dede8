import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Element, NS, xml } from '@/lib/transport/headless/element';
import { MucRoom, type MucRoomEvents, readMucPresence } from '@/lib/transport/headless/mucRoom';
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

describe('a presence of a room', () => {
  const read = (stanza: Element) => readMucPresence(stanza, ROOM, SELF);

  it('tells who is here, and what the deployment vouches for', () => {
    const hidden = xml('jitsi_participant_parley_hidden', {}, 'true');
    expect(read(presence('x', undefined, user(), identity('ann'), hidden))).toEqual({
      kind: 'here',
      nick: 'x',
      isSelf: false,
      personId: 'ann',
      isHidden: true,
    });
    expect(read(presence('x', undefined, user()))).toMatchObject({ personId: null, isHidden: false });
    expect(read(presence('y', undefined, user(status('110'))))).toMatchObject({ isSelf: true });
  });

  it.each([
    ['left', []],
    ['kicked', [status('110'), status('307')]],
    ['kicked', [status('301')]],
    ['destroyed', [xml('destroy', {}, xml('reason', {}, 'ended'))]],
  ])('tells that somebody has %s', (why, children) => {
    expect(read(presence('x', 'unavailable', user(...children)))).toEqual({ kind: 'gone', nick: 'x', why });
  });

  it('tells of a refusal by its condition', () => {
    const error = xml('error', { type: 'auth' }, xml('text', {}, 'No.'), xml('not-allowed', {}));
    expect(read(presence(SELF, 'error', error))).toEqual({ kind: 'refused', condition: 'not-allowed' });
  });

  it('of elsewhere tells nothing', () => {
    expect(read(xml('presence', { from: 'cellar@muc/x' }))).toBeNull();
    expect(read(xml('presence', {}))).toBeNull();
    expect(read(presence('x', 'subscribe'))).toBeNull();
  });

  it('never makes a room throw', () => {
    const ignore = () => {};
    const events: MucRoomEvents = { onJoined: ignore, onLeft: ignore, onHidden: ignore, onOut: ignore };
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

describe('a room', () => {
  function enter() {
    const told: string[] = [];
    const sent: Element[] = [];
    const room = new MucRoom({ roomJid: ROOM, nick: SELF }, (stanza) => sent.push(stanza), {
      onJoined: ({ endpointId, personId }) => told.push(`${endpointId} is ${personId}`),
      onLeft: (endpointId) => told.push(`${endpointId} left`),
      onHidden: (endpointId, isHidden) => told.push(`${endpointId} ${isHidden ? 'hidden' : 'shown'}`),
      onOut: (error) => told.push(`out: ${error.reason}`),
    });
    const entered = room.enter({ isHidden: true, isSpeaking: false });
    return { room, told, sent, entered };
  }

  it('is entered once one sees oneself, and leaves the focus out', async () => {
    const { room, told, sent, entered } = enter();
    expect(sent[0]?.getChild('jitsi_participant_parley_hidden')?.getText()).toBe('true');
    room.take(presence('focus', undefined, user()));
    room.take(presence('x', undefined, user(), identity('ann')));
    room.take(presence(SELF, undefined, user(status('110'))));
    await entered;
    expect(told).toEqual(['x is ann']);
  });

  it('tells each change once', async () => {
    const { room, told, entered } = enter();
    room.take(presence(SELF, undefined, user(status('110'))));
    await entered;
    const hidden = xml('jitsi_participant_parley_hidden', {}, 'true');
    for (let k = 0; k < 2; k += 1) room.take(presence('x', undefined, user(), hidden));
    room.take(presence('x', undefined, user()));
    for (let k = 0; k < 2; k += 1) room.take(presence('x', 'unavailable', user()));
    expect(told).toEqual(['x is null', 'x hidden', 'x shown', 'x left']);
  });

  it.each([
    ['notAllowed', 'not-allowed'],
    ['notAllowed', 'registration-required'],
    ['unreachable', 'service-unavailable'],
  ])('is refused as %s for %s', async (reason, condition) => {
    const { room, entered } = enter();
    room.take(presence(SELF, 'error', xml('error', {}, xml(condition, {}))));
    await expect(entered).rejects.toMatchObject({ reason });
  });

  it.each([
    ['kicked', presence(SELF, 'unavailable', user(status('307')))],
    ['conferenceDestroyed', presence(SELF, 'unavailable', user(xml('destroy')))],
    ['lost', presence(SELF, 'unavailable', user())],
    ['lost', presence('focus', 'unavailable', user())],
  ])('one is out of is told as %s, once', async (reason, stanza) => {
    const { room, told, entered } = enter();
    room.take(presence(SELF, undefined, user(status('110'))));
    await entered;
    room.take(stanza);
    room.take(stanza);
    expect(told).toEqual([`out: ${reason}`]);
  });
});
