import type { JitsiPass } from '../jitsiPass';

/** What the library's connection is told. */
export function connectionOptions({ coordinates }: JitsiPass): Record<string, unknown> {
  return {
    hosts: {
      domain: coordinates.xmppDomain,
      muc: coordinates.mucDomain,
      focus: coordinates.focusDomain,
    },
    serviceUrl: `${coordinates.xmppWebSocketUrl}?room=${encodeURIComponent(coordinates.room)}`,
    // Without the empty list the library asks a public STUN host.
    p2p: { enabled: false, stunServers: [] },
    stunServers: [],
    enableWebsocketResume: true,
    // A silent network is noticed after these, well before the server gives the seat away (milliseconds).
    xmppPing: { interval: 5_000, timeout: 3_000, threshold: 2 },
  };
}

/** What the library's conference is told. */
export const CONFERENCE_OPTIONS = {
  // The offer decides between WebSocket and data channel; naming one here would shut out the other.
  openBridgeChannel: true,
  p2p: { enabled: false, stunServers: [] },
  stunServers: [],
  disableSimulcast: true,
  enableTalkWhileMuted: false,
  // The library would send endpoint messages of its own to measure.
  e2eping: { pingInterval: -1 },
  disableThirdPartyRequests: true,
};
