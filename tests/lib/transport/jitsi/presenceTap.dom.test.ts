import { beforeEach, describe, expect, it } from 'vitest';
import type { JitsiConference } from '@/lib/transport/jitsi/library';
import { tapPresence } from '@/lib/transport/jitsi/presenceTap';

type Listener = (event: { presence: Element }) => void;

let receive: Listener;
let told: string[];

/** A presence as a server sends it. */
function presence(nick: string, item: string, children = ''): void {
  const text = `<presence xmlns="jabber:client" from="tavern@muc.example/${nick}" to="a@example/b">
    <x xmlns="http://jabber.org/protocol/muc#user"><item ${item}/></x>${children}</presence>`;
  receive({ presence: new DOMParser().parseFromString(text, 'text/xml').documentElement });
}

const OWNER = 'affiliation="owner" role="moderator" jid="focus@auth.example/focus"';
const AWAY = '<bridgeNotAvailable xmlns="http://jitsi.org/jitmeet"/>';

describe('a tap on presence', () => {
  beforeEach(() => {
    told = [];
    const addListener = (event: string, listener: Listener) => {
      expect(event).toBe('xmpp.presence_received');
      receive = listener;
    };
    tapPresence({ room: { addListener } } as unknown as JitsiConference, {
      onBridgeAway: (isAway) => told.push(isAway ? 'no bridge' : 'a bridge'),
      onOwner: (endpointId) => told.push(`${endpointId} owns`),
      onOccupant: (endpointId, occupantId) => told.push(`${endpointId} is session ${occupantId}`),
    });
  });

  it('T-57 the focus says that it has no bridge, and that it has one again; no one else can', () => {
    presence('focus', OWNER);
    presence('focus', OWNER, AWAY);
    presence('focus', OWNER, AWAY);
    presence('x', 'affiliation="none" role="participant"', AWAY);
    presence('focus', OWNER);
    expect(told).toEqual(['no bridge', 'a bridge']);
  });

  it('T-58 an occupant that owns the room is reported, but not the focus', () => {
    presence('focus', OWNER);
    presence('x', 'affiliation="none" role="participant"');
    presence('x', 'affiliation="owner" role="moderator"');
    expect(told).toEqual(['x owns']);
  });

  it('T-58 nobody makes another an owner, or itself, by what it writes elsewhere in its presence', () => {
    const item = '<item affiliation="owner"/>';
    presence('x', 'affiliation="none"', `<mine>${item}</mine><x xmlns="urn:other">${item}</x>${item}`);
    expect(told).toEqual([]);
  });

  it('T-109 the server says which session is behind each occupant; what a client wrote elsewhere says nothing', () => {
    const occupant = (id: string, namespace = 'urn:xmpp:occupant-id:0') =>
      `<occupant-id xmlns="${namespace}" id="${id}"/>`;
    const forged = `<mine>${occupant('forged')}</mine>${occupant('forged', 'urn:other')}`;
    presence('x', 'affiliation="none"', `${forged}${occupant('A+/=')}`);
    presence('y', 'affiliation="none"', forged);
    expect(told).toEqual(['x is session A+/=']);
  });

  it('a build that hides its room is left alone', () => {
    const ignoring = { onBridgeAway: () => {}, onOwner: () => {}, onOccupant: () => {} };
    expect(() => tapPresence({} as JitsiConference, ignoring)).not.toThrow();
  });
});
