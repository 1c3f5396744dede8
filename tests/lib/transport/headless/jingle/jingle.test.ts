import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Element, NS, xml } from '@/lib/transport/headless/element';
import { inventTransport, restartRequest, sessionAccept } from '@/lib/transport/headless/jingle/jingleAnswer';
import { type JingleOffer, readCandidate, readOffer, readSources } from '@/lib/transport/headless/jingle/jingleOffer';
import { anyElement } from '../anyElement';

const PRINT = Array.from({ length: 32 }, () => 'AB').join(':');

function candidate(changes: Record<string, string> = {}): Element {
  const sound = {
    ip: '192.0.2.7',
    port: '10000',
    protocol: 'udp',
    type: 'host',
    priority: '9',
    component: '1',
    foundation: 'f',
  };
  return xml('candidate', { ...sound, ...changes });
}

function stockOffer({ hasVideo = false } = {}): Element {
  const transport = () =>
    xml(
      'transport',
      { xmlns: NS.iceUdp, ufrag: 'u', pwd: 'p' },
      xml('fingerprint', { xmlns: NS.dtls, hash: 'sha-256', setup: 'actpass' }, PRINT),
      xml('sctpmap', { xmlns: NS.sctp, number: '5001', protocol: 'webrtc-datachannel' }),
      candidate(),
      candidate({ protocol: 'tcp' }),
      candidate({ ip: 'abc.local' }),
    );
  const offeredVideo = xml(
    'description',
    { xmlns: NS.rtp, media: 'video' },
    xml('payload-type', { id: '41', name: 'AV1' }),
    xml('payload-type', { id: '120', name: 'VP8' }),
  );
  const source = xml('source', { xmlns: NS.sources, ssrc: '7', name: 'abcd1234-a0' });
  source.append(xml('ssrc-info', { xmlns: NS.jitsiMeet, owner: 'tavern@muc/abcd1234' }));
  return xml(
    'jingle',
    { xmlns: NS.jingle, action: 'session-initiate', initiator: 'focus@x', sid: 's1' },
    xml(
      'content',
      { name: 'audio' },
      xml(
        'description',
        { xmlns: NS.rtp, media: 'audio' },
        xml('payload-type', { id: '109', name: 'opus' }),
        xml('rtp-hdrext', { id: '3', uri: 'urn:ietf:params:rtp-hdrext:ssrc-audio-level' }),
        source,
        xml('source', { xmlns: NS.sources, ssrc: '8', name: '0123abcd-a0' }),
        xml('source', { xmlns: NS.sources, ssrc: 'many' }),
      ),
      transport(),
    ),
    ...(hasVideo ? [xml('content', { name: 'video' }, offeredVideo, transport())] : []),
    xml('content', { name: 'data' }, xml('description', { xmlns: NS.sctp }), transport()),
    xml('bridge-session', { xmlns: NS.focus, id: 'b1' }),
    xml('json-message', { xmlns: NS.jitsiMeet }, '{"sources":{}}'),
  );
}

function read(element: Element): JingleOffer {
  const offer = readOffer(element);
  if (!offer) throw new Error('no offer');
  return offer;
}

describe('a Jingle offer', () => {
  it('the offer of a stock deployment is read: no WebSocket, SCTP, UDP candidates with addresses', () => {
    const offer = read(stockOffer());
    expect(offer).toMatchObject({
      sessionId: 's1',
      initiator: 'focus@x',
      bridgeSessionId: 'b1',
      channelUrl: null,
      sctpPort: 5001,
      audio: { opusPayloadType: 109, audioLevelExtensionId: 3 },
      contents: [
        { name: 'audio', kind: 'audio' },
        { name: 'data', kind: 'data' },
      ],
    });
    expect(offer.transport).toMatchObject({
      ufrag: 'u',
      password: 'p',
      fingerprint: { hash: 'sha-256', value: PRINT },
    });
    expect(offer.transport?.candidates).toMatchObject([{ ip: '192.0.2.7', port: 10_000, type: 'host' }]);
    expect(offer.sources).toEqual([
      { ssrc: 7, owner: 'abcd1234' },
      { ssrc: 8, owner: '0123abcd' },
    ]);
  });

  it.each([
    { port: '0' },
    { port: '65536' },
    { port: 'x' },
    { ip: '' },
    { ip: '300.1.1.1' },
    { protocol: 'ssltcp' },
    { type: 'mystery' },
  ] as Array<Record<string, string>>)('a Jingle offer has no candidate with %j', (changes) => {
    expect(readCandidate(candidate(changes))).toBeNull();
  });

  it('no Jingle offer makes the reader throw', () => {
    fc.assert(
      fc.property(anyElement, (element) => {
        const offer = readOffer(element);
        for (const { ssrc } of readSources(element)) expect(ssrc).toBeLessThanOrEqual(0xffff_ffff);
        if (!offer) return;
        expect(offer.contents.length).toBeGreaterThan(0);
        if (offer.channelUrl !== null) expect(URL.canParse(offer.channelUrl)).toBe(true);
        const answer = sessionAccept(offer, {
          responder: 'me',
          transport: inventTransport(),
          voice: null,
          hearsScreens: true,
        });
        expect(answer.getChildren('content')).toHaveLength(offer.contents.length);
      }),
      { numRuns: 500 },
    );
  });
});

describe('the answer', () => {
  const parts = { responder: 'me@x/y', transport: inventTransport(), hearsScreens: false };
  const voice = { ssrc: 42, sourceName: 'abcd1234-a0' };

  it('a session-accept has each content with credentials, as DTLS client, and no candidates if there are none', () => {
    const answer = sessionAccept(read(stockOffer()), { ...parts, voice: null });
    expect(answer.attrs).toMatchObject({
      action: 'session-accept',
      sid: 's1',
      initiator: 'focus@x',
      responder: 'me@x/y',
    });
    const contents = answer.getChildren('content');
    expect(contents.map(({ attrs }) => [attrs['name'], attrs['senders']])).toEqual([
      ['audio', 'initiator'],
      ['data', 'both'],
    ]);
    for (const content of contents) {
      const transport = content.getChild('transport', NS.iceUdp);
      expect(transport?.attrs).toMatchObject({ ufrag: parts.transport.ufrag, pwd: parts.transport.password });
      expect(transport?.getChild('fingerprint', NS.dtls)?.attrs['setup']).toBe('active');
      expect(transport?.getChildren('candidate')).toEqual([]);
    }
    expect(contents[1]?.getChild('transport')?.getChild('sctpmap')?.attrs['number']).toBe('5001');
    expect(readSources(answer)).toEqual([]);
  });

  it('a session-accept announces a voice with the offered payload type and level extension', () => {
    const answer = sessionAccept(read(stockOffer()), { ...parts, voice });
    const description = answer.getChild('content')?.getChild('description');
    expect(description?.getChild('payload-type')?.attrs['id']).toBe('109');
    expect(description?.getChild('rtp-hdrext')?.attrs['id']).toBe('3');
    expect(readSources(answer)).toEqual([{ ssrc: 42, owner: 'abcd1234' }]);
  });

  it('a session-accept takes video only to hear screens, in VP8 with keyframes on request', () => {
    const offer = read(stockOffer({ hasVideo: true }));
    const typesIn = (answer: Element) =>
      answer.getChildren('content')[1]?.getChild('description')?.getChildren('payload-type') ?? [];
    expect(typesIn(sessionAccept(offer, { ...parts, voice: null }))).toEqual([]);
    const [vp8, ...others] = typesIn(sessionAccept(offer, { ...parts, voice: null, hearsScreens: true }));
    expect([vp8?.attrs, others]).toEqual([{ id: '120', name: 'VP8', clockrate: '90000' }, []]);
    expect(vp8?.getChildren('rtcp-fb').map(({ attrs }) => [attrs['type'], attrs['subtype']])).toEqual([
      ['ccm', 'fir'],
      ['nack', 'pli'],
    ]);
  });

  it('a fresh session is requested as by lib-jitsi-meet', () => {
    const request = restartRequest(read(stockOffer()));
    expect(request.attrs).toMatchObject({ action: 'session-terminate', sid: 's1' });
    expect(request.getChild('bridge-session', NS.focus)?.attrs).toMatchObject({ id: 'b1', restart: 'true' });
  });
});
