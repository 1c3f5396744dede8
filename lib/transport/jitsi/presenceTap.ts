import type { JitsiConference } from './library';

/** What a tap on the presence in a MUC room reports. */
interface PresenceTapListener {
  /** The focus says that it has no bridge, or has one again. The library reports the first only, and only once. */
  onBridgeAway(isAway: boolean): void;
  /** An occupant other than the focus, perhaps the local one, owns the room. */
  onOwner(endpointId: string): void;
  /** What the XMPP server calls the session behind an occupant, perhaps the local one. Told with each of its presences. */
  onOccupant(endpointId: string, occupantId: string): void;
}

/** The library's event for each presence as it came (XMPPEvents.PRESENCE_RECEIVED), the same in all builds. */
const PRESENCE_RECEIVED = 'xmpp.presence_received';

const FOCUS_NICK = 'focus';

const MUC_USER_NS = 'http://jabber.org/protocol/muc#user';
const OCCUPANT_ID_NS = 'urn:xmpp:occupant-id:0';

/** A child that the server alone writes: it takes out what a client has written at this place under this name. */
function stampedChild(presence: Element, name: string, namespace: string): Element | undefined {
  const isStamped = (child: Element) => child.nodeName === name && child.getAttribute('xmlns') === namespace;
  return Array.from(presence.children).find(isStamped);
}

/** Listens to the presence under the library. Hears nothing in builds that hide it. */
export function tapPresence(conference: JitsiConference, listener: PresenceTapListener): void {
  let isBridgeAway = false;
  conference.room?.addListener?.(PRESENCE_RECEIVED, ({ presence }: { readonly presence: Element }) => {
    const from = presence.getAttribute('from') ?? '';
    const nick = from.slice(from.indexOf('/') + 1);
    if (nick !== FOCUS_NICK) {
      const item = stampedChild(presence, 'x', MUC_USER_NS)?.getElementsByTagName('item')[0];
      if (item?.getAttribute('affiliation') === 'owner') listener.onOwner(nick);
      const occupantId = stampedChild(presence, 'occupant-id', OCCUPANT_ID_NS)?.getAttribute('id');
      if (occupantId) listener.onOccupant(nick, occupantId);
      return;
    }
    const isAway = presence.getElementsByTagName('bridgeNotAvailable').length > 0;
    if (isAway === isBridgeAway) return;
    isBridgeAway = isAway;
    listener.onBridgeAway(isAway);
  });
}
