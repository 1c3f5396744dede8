import { beforeEach, describe, expect, it } from 'vitest';
import { NS } from '@/server/hub/xmpp/namespaces';
import { type Element, xml } from '@/server/hub/xmpp/stanza';
import { RawClient } from '../rawClient';
import { capturedFrames, capturedText, hasCaptured, readFrame, shapeOf } from './captured';
import { isOwnPresence, isPresenceOf } from './stockClient';
import { StockWorld } from './stockWorld';

const stock = new StockWorld();

beforeEach(() => stock.start({ identity: true }));

/** What a page of the capture shows of itself. */
const PAGE = [
  xml('stats-id', {}, 'Lacy-fwS'),
  xml('c', {
    xmlns: NS.caps,
    hash: 'sha-1',
    node: 'https://jitsi.org/jitsi-meet',
    ver: 'dtzK/3xhISaXUMVg59IpXxdvKyQ=',
  }),
  xml('SourceInfo', {}, '{}'),
  xml('jitsi_participant_codecList', {}, 'av1,vp9,vp8,h264'),
];

const page = (personId: string) => stock.join(personId, { payload: PAGE });

/** Two pages; the first was there alone. */
const twoPages = async () => [await page('ana'), await page('ben')] as const;

function firstOf(frames: readonly Element[], isWanted: (frame: Element) => boolean): Element {
  const frame = frames.find(isWanted);
  if (!frame) throw new Error('the capture has no such frame');
  return frame;
}

const isJingle = (action: string) => (frame: Element) => frame.getChild('jingle')?.attrs['action'] === action;
const bridgeCount = (frame: Element) => frame.toString().includes('bridge-count');
const isGrant = (frame: Element) => frame.getChild('permissions', NS.jitsiMeet) !== undefined;

/** The `session-initiate` in a frame, without the sources of a live conference. */
const offerIn = (frame: Element) => frame.getChild('jingle')!;

describe.skipIf(!hasCaptured)('beside what a real Jitsi said', () => {
  it('H-102 the features of a stream that has authenticated, and its stream management', async () => {
    const captured = capturedFrames('sctp-B');
    const isBind = (frame: Element) => frame.name === 'features' && frame.getChild('bind', NS.bind) !== undefined;
    const { features } = await RawClient.authenticate(stock.world.port, stock.world.tokens.issue('ana'));
    expect(shapeOf(readFrame(features)!)).toEqual(shapeOf(firstOf(captured, isBind)));
    const page = await RawClient.connect(stock.world.port, stock.world.tokens.issue('cy'));
    page.send(`<enable xmlns="${NS.streamManagement}" resume="true"/>`);
    const enabled = readFrame(await page.socket.next((frame) => frame.startsWith('<enabled')))!;
    expect(shapeOf(enabled)).toEqual(shapeOf(firstOf(captured, ({ name }) => name === 'enabled')));
  });

  it('H-102 disco#info of the server', async () => {
    const client = await RawClient.connect(stock.world.port, stock.world.tokens.issue('ana'));
    const own = await client.ask('get', undefined, xml('query', { xmlns: NS.discoInfo }));
    const isInfo = (frame: Element) => frame.toString().includes('room_metadata') && frame.name === 'iq';
    const query = firstOf(capturedFrames('sctp-B'), isInfo).getChild('query')!;
    expect(namesIn(own.getChild('query')!)).toEqual(namesIn(query));
  });

  it('H-106 the answer to a conference request, also where Jicofo checks tokens', async () => {
    const answered = (frame: Element) => frame.getChild('conference', NS.focus) !== undefined;
    const shapeOfAnswer = (frame: Element) => shapeOf(frame.getChild('conference', NS.focus)!);
    const client = await RawClient.connect(stock.world.port, stock.world.tokens.issue('ana'));
    const request = xml('conference', { xmlns: NS.focus, room: client.roomJid, 'machine-uid': 'm' });
    const open = await client.ask('set', 'focus.parley.local', request);
    expect(shapeOfAnswer(open)).toEqual(shapeOfAnswer(firstOf(capturedFrames('sctp-B'), answered)));
    await stock.start({ checksTokens: true });
    const other = await RawClient.connect(stock.world.port, stock.world.tokens.issue('ana'));
    const checked = await other.ask('set', 'focus.parley.local', request);
    expect(shapeOfAnswer(checked)).toEqual(shapeOfAnswer(firstOf(capturedFrames('jwt-page'), answered)));
  });

  it('H-107 presences: one’s own at the entry and later, another’s, and one that leaves', async () => {
    const [ana, ben] = await twoPages();
    const captured = capturedFrames('sctp-B');
    const [entry] = captured.filter(isOwnPresence);
    expect(shapeOf(firstOf(ben.frames, isOwnPresence))).toEqual(shapeOf(entry!));
    // Of the capture, a page that is no owner.
    const other = firstOf(captured, (frame) => isPresenceOf(frame, '3cbc0949'));
    expect(shapeOf(await ana.seen((frame) => isPresenceOf(frame, ben.endpointId)))).toEqual(shapeOf(other));
    const isGone = ({ name, attrs }: Element) => name === 'presence' && attrs['type'] === 'unavailable';
    ben.raw.leave();
    expect(shapeOf(await ben.seen(isGone))).toEqual(
      shapeOf(firstOf(captured, (frame) => isGone(frame) && frame.toString().includes('110'))),
    );
  });

  it('H-107 without mod_presence_identity, nothing but the identity is missing', async () => {
    await stock.start({});
    const ana = await page('ana');
    const [entry] = capturedFrames('noident').filter(isOwnPresence);
    expect(shapeOf(firstOf(ana.frames, isOwnPresence))).toEqual(shapeOf(entry!));
  });

  it('H-108 the presence of the focus, without a bridge and with one', async () => {
    const [ana] = await twoPages();
    const ofFocus = (frame: Element) => isPresenceOf(frame, 'focus');
    const captured = capturedFrames('sctp-B').filter(ofFocus);
    expect(shapeOf(firstOf(ana.frames, ofFocus))).toEqual(shapeOf(firstOf(captured, (frame) => !bridgeCount(frame))));
    const later = await ana.seen((frame) => ofFocus(frame) && bridgeCount(frame));
    expect(shapeOf(later)).toEqual(shapeOf(firstOf(captured, bridgeCount)));
  });

  it('H-109 messages of metadata and of speakers', async () => {
    const [, ben] = await twoPages();
    ben.raw.leave();
    await ben.seen(({ attrs }) => attrs['type'] === 'unavailable');
    const cy = await page('cy');
    const captured = capturedFrames('sctp-B');
    for (const component of ['metadata', 'speakerstats']) {
      const isMeant = (frame: Element) => frame.attrs['from']?.startsWith(`${component}.`) === true;
      expect(shapeOf(await cy.seen(isMeant))).toEqual(shapeOf(firstOf(captured, isMeant)));
    }
  });

  it('H-110 the presence that makes an owner', async () => {
    const ana = await page('ana');
    const grant = firstOf(capturedFrames('sctp-B'), isGrant);
    expect(shapeOf(await ana.seen(isGrant))).toEqual(shapeOf(grant));
  });

  it('H-111 the question for features', async () => {
    const ana = await page('ana');
    const isQuestion = (frame: Element) =>
      frame.attrs['type'] === 'get' && frame.attrs['from']?.endsWith('/focus') === true;
    expect(shapeOf(await ana.seen(isQuestion))).toEqual(shapeOf(firstOf(capturedFrames('jwt-page'), isQuestion)));
  });

  it('H-113 an offer over a data channel, with the bridge’s own sources', async () => {
    const [, ben] = await twoPages();
    const captured = firstOf(capturedFrames('cut-front'), isJingle('session-initiate'));
    expect(shapeOf(await ben.jingle('session-initiate'))).toEqual(shapeOf(offerIn(captured)));
  });

  it('H-113 an offer with colibri-ws', async () => {
    await stock.start({ identity: true }, { bridgeChannel: 'websocket' });
    const [, ben] = await twoPages();
    const captured = firstOf(capturedFrames('ws-page'), isJingle('session-initiate'));
    expect(shapeOf(await ben.jingle('session-initiate'))).toEqual(shapeOf(offerIn(captured)));
  });

  it('H-114 an offer without the bridge’s own sources, and sources that come later', async () => {
    await stock.start({ identity: true, bridgeSources: false });
    const [ana, ben] = await twoPages();
    await ana.accept(await ana.jingle('session-initiate'), 1111);
    await ben.accept(await ben.jingle('session-initiate'), 2222);
    const captured = capturedFrames('sctp-B');
    const added = firstOf(captured, isJingle('source-add'));
    expect(shapeOf(await ana.jingle('source-add'))).toEqual(shapeOf(offerIn(added)));
    const cy = await page('cy');
    const [offer] = captured.filter(isJingle('session-initiate'));
    const own = await cy.jingle('session-initiate');
    expect(withoutSources(own)).toEqual(withoutSources(offerIn(offer!)));
    expect(Object.keys(sourcesIn(own)).sort()).toEqual([ana.endpointId, ben.endpointId].sort());
  });

  it('H-103, H-105 what is refused, word by word', async () => {
    const refusals = capturedText('refusals.txt');
    const client = await RawClient.connect(stock.world.port, stock.world.tokens.issue('ana'));
    client.enter();
    const own = readFrame(await client.socket.next((frame) => frame.includes('type="error"')))!;
    const missing = /< (<presence .*<\/presence>)/.exec(refusals)?.[1] ?? '';
    expect(shapeOf(own)).toEqual(shapeOf(readFrame(missing)!));
    const { answer } = await RawClient.authenticate(stock.world.port, null);
    expect(shapeOf(readFrame(answer)!)).toEqual(shapeOf(readFrame(failureIn(refusals, 'no token'))!));
    const { answer: unsigned } = await RawClient.authenticate(stock.world.port, 'made-up');
    expect(shapeOf(readFrame(unsigned)!)).toEqual(shapeOf(readFrame(failureIn(refusals, 'wrong secret'))!));
  });
});

/** Names of identities and features, sorted. */
function namesIn(query: Element): string[] {
  return query
    .getChildElements()
    .map(({ attrs }) => attrs['var'] ?? `${attrs['category']} ${attrs['type']}`)
    .sort();
}

function sourcesIn(offer: Element): Record<string, unknown> {
  return JSON.parse(offer.getChildText('json-message') ?? '{}').sources;
}

function withoutSources(offer: Element): unknown {
  const { children, ...rest } = shapeOf(offer) as { children: string[] };
  return { ...rest, children: children.filter((child) => !child.includes('"json-message"')) };
}

/** The failure under a heading of the captured refusals. */
function failureIn(refusals: string, heading: string): string {
  const under = refusals.slice(refusals.indexOf(`== ${heading}`));
  return /< (<failure .*<\/failure>)/.exec(under)?.[1] ?? '';
}
