import type { JitsiCoordinates } from '@/lib/core/meeting';

/** XMPP domains of the embedded hub. Names only: nothing resolves them. */
export const HUB_DOMAINS = {
  xmppDomain: 'parley.local',
  mucDomain: 'conference.parley.local',
  focusDomain: 'focus.parley.local',
} as const;

/** The address and domains of a Jitsi: a deployment's, or the hub's under the site's own origin. */
export interface JitsiPlace {
  /** Without a trailing slash; may have a path. */
  readonly url: string;
  readonly xmppDomain: string;
  readonly mucDomain: string;
  readonly focusDomain: string;
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
  };
}
