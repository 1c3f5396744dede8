import { describe, expect, it } from 'vitest';
import { type ChannelOffer, jingleOffer } from '@/server/hub/focus/jingleSession';
import { NO_SOURCES } from '@/server/hub/focus/sources';
import type { IceCandidate } from '@/server/hub/media/mediaContract';
import { createNullMediaLink } from '@/server/hub/media/mediaLink';
import { NS } from '@/server/hub/xmpp/namespaces';

const HOST: IceCandidate = {
  component: 1,
  foundation: '1',
  ip: '192.0.2.7',
  port: 10_000,
  priority: 2_130_706_431,
  type: 'host',
};

const offerOf = (channel: ChannelOffer, candidates: readonly IceCandidate[] = []) =>
  jingleOffer({
    sessionId: 's1',
    initiator: 'tavern@conference.parley.local/focus',
    channel,
    bridgeSessionId: 'b1',
    transport: { ...createNullMediaLink().local, candidates },
    sources: NO_SOURCES,
    features: new Set(),
  });

describe('jingleOffer', () => {
  it('H-22 an offer has audio and video, each with a bridge source, in one bundle, and the address of the channel', () => {
    const offer = offerOf({ webSocketUrl: 'wss://hub/c?pwd=a&b' }, [HOST]);
    const contents = offer.getChildren('content');
    expect(contents.map(({ attrs }) => attrs['name'])).toEqual(['audio', 'video']);
    for (const content of contents) {
      const source = content.getChild('description', NS.rtp)?.getChild('source', NS.sources);
      expect(source?.getChild('ssrc-info')?.attrs['owner']).toBe('jvb');
      const transport = content.getChild('transport', NS.iceUdp);
      expect(transport?.getChild('web-socket', NS.colibri)?.attrs['url']).toBe('wss://hub/c?pwd=a&b');
      expect(transport?.getChild('fingerprint')?.attrs['setup']).toBe('actpass');
      expect(transport?.getChild('candidate')?.attrs).toMatchObject({
        ip: '192.0.2.7',
        port: '10000',
        protocol: 'udp',
        generation: '0',
      });
    }
    expect(offer.getChild('group', NS.jingleGrouping)?.getChildren('content')).toHaveLength(2);
    expect(offer.toString()).toContain('pwd=a&amp;b');
  });

  it('H-82 a data channel is offered as a third content of the bundle, without a WebSocket', () => {
    const offer = offerOf('datachannel', [HOST]);
    const [, , data] = offer.getChildren('content');
    expect(data?.attrs['name']).toBe('data');
    expect(data?.getChild('description')?.attrs['media']).toBe('application');
    expect(data?.getChild('transport')?.getChild('sctpmap', NS.sctp)?.attrs).toMatchObject({ number: '5000' });
    expect(offer.getChild('group', NS.jingleGrouping)?.getChildren('content')).toHaveLength(3);
    expect(offer.toString()).not.toContain('web-socket');
  });

  it('H-83 an offer without media has credentials but no candidate', () => {
    const offer = offerOf({ webSocketUrl: 'wss://hub/c' });
    expect(offer.toString()).not.toContain('<candidate');
    expect(offer.toString()).toMatch(/>(?:[0-9A-F]{2}:){31}[0-9A-F]{2}</);
  });
});
