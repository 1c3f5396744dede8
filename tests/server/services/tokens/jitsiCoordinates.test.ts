import { describe, expect, it } from 'vitest';
import { HUB_PLACE, jitsiCoordinates } from '@/server/services/tokens/jitsiCoordinates';

describe('jitsiCoordinates', () => {
  it('coordinates of the hub are those of the site', () => {
    expect(jitsiCoordinates({ ...HUB_PLACE, url: 'http://localhost:3000' }, 'weekly')).toEqual({
      libUrl: 'http://localhost:3000/libs/lib-jitsi-meet.min.js',
      xmppWebSocketUrl: 'ws://localhost:3000/xmpp-websocket',
      xmppDomain: 'parley.local',
      mucDomain: 'conference.parley.local',
      focusDomain: 'focus.parley.local',
      room: 'weekly',
      identity: 'enforced',
    });
  });

  it('coordinates of a deployment keep its path and TLS', () => {
    const place = {
      url: 'https://jitsi.example.org:8443/meet',
      xmppDomain: 'meet.jitsi',
      mucDomain: 'muc.meet.jitsi',
      focusDomain: 'focus.meet.jitsi',
      identity: 'claimed' as const,
    };
    expect(jitsiCoordinates(place, 'weekly')).toEqual({
      libUrl: 'https://jitsi.example.org:8443/meet/libs/lib-jitsi-meet.min.js',
      xmppWebSocketUrl: 'wss://jitsi.example.org:8443/meet/xmpp-websocket',
      xmppDomain: 'meet.jitsi',
      mucDomain: 'muc.meet.jitsi',
      focusDomain: 'focus.meet.jitsi',
      room: 'weekly',
      identity: 'claimed',
    });
  });
});
