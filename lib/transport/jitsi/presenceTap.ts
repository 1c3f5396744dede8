import type { JitsiConference } from './library';

/** What a tap on the presence in a MUC room reports. */
interface PresenceTapListener {
  /** The focus says that it has no bridge, or has one again. The library reports the first only, and only once. */
  onBridgeAway(isAway: boolean): void;
  /** An occupant other than the focus, perhaps the local one, owns the room. */
  onOwner(endpointId: string): void;
}

/** The library's event for each presence as it came (XMPPEvents.PRESENCE_RECEIVED), the same in all builds. */
const PRESENCE_RECEIVED = 'xmpp.presence_received';

const FOCUS_NICK = 'focus';

/** Listens to the presence under the library. Hears nothing in builds that hide it. */
export function tapPresence(conference: JitsiConference, listener: PresenceTapListener): void {
  let isBridgeAway = false;
  conference.room?.addListener?.(PRESENCE_RECEIVED, ({ presence }: { readonly presence: Element }) => {
    const from = presence.getAttribute('from') ?? '';
    const nick = from.slice(from.indexOf('/') + 1);
    if (nick !== FOCUS_NICK) {
      const item = presence.getElementsByTagName('item')[0];
      if (item?.getAttribute('affiliation') === 'owner') listener.onOwner(nick);
      return;
    }
    const isAway = presence.getElementsByTagName('bridgeNotAvailable').length > 0;
    if (isAway === isBridgeAway) return;
    isBridgeAway = isAway;
    listener.onBridgeAway(isAway);
  });
}
