import type { JitsiCoordinates } from '@/lib/core/meeting';

/** What the embedded hub is called and does, whatever its address. The domains are names only: nothing resolves them. */
export const HUB_PLACE = {
  xmppDomain: 'parley.local',
  mucDomain: 'conference.parley.local',
  focusDomain: 'focus.parley.local',
  identity: 'enforced',
} as const;

/** The address and domains of a Jitsi: a deployment's, or the hub's under the site's own origin. */
export interface JitsiPlace {
  /** Without a trailing slash; may have a path. */
  readonly url: string;
  readonly xmppDomain: string;
  readonly mucDomain: string;
  readonly focusDomain: string;
  /** Whether it writes every `<identity>` in presence itself, or passes on what a client sends. */
  readonly identity: JitsiCoordinates['identity'];
}

/** The name of a meeting's conference: the local part of its MUC address. */
export function jitsiRoom(meetingId: string): string {
  return meetingId;
}

/** What a client needs to reach a meeting's conference. The WebSocket is `wss` if the place is `https`. */
export function jitsiCoordinates(place: JitsiPlace, meetingId: string): JitsiCoordinates {
  return {
    libUrl: `${place.url}/libs/lib-jitsi-meet.min.js`,
    xmppWebSocketUrl: `${place.url.replace(/^http/, 'ws')}/xmpp-websocket`,
    xmppDomain: place.xmppDomain,
    mucDomain: place.mucDomain,
    focusDomain: place.focusDomain,
    room: jitsiRoom(meetingId),
    identity: place.identity,
  };
}
