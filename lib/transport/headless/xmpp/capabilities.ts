import { createHash } from 'node:crypto';
import { attrOf, type Element, NS, xml } from '../element';

/** What this client is (XEP-0030). */
const IDENTITY = { category: 'client', type: 'bot', name: 'Parley' } as const;

/** What this client can do: Jicofo offers what it finds here. */
const FEATURES = [
  NS.caps,
  NS.discoInfo,
  NS.ping,
  NS.jingle,
  NS.rtp,
  NS.rtpAudio,
  NS.rtpVideo,
  NS.iceUdp,
  NS.dtls,
  NS.sctp,
].sort();

/** Names the software, not a version of it. */
const NODE = 'urn:parley:headless';

/** The verification string of XEP-0115, 5.1: SHA-1 over identity and features. */
const VERIFICATION = createHash('sha1')
  .update(
    `${IDENTITY.category}/${IDENTITY.type}//${IDENTITY.name}<${FEATURES.map((feature) => `${feature}<`).join('')}`,
  )
  .digest('base64');

/** The part of a presence that says what this client can do, so that a focus need not ask again (XEP-0115). */
export function capabilities(): Element {
  return xml('c', { xmlns: NS.caps, hash: 'sha-1', node: NODE, ver: VERIFICATION });
}

/** The answer to a disco#info query, whichever node it names. */
export function describeSelf(query: Element): Element {
  return xml(
    'query',
    { xmlns: NS.discoInfo, node: attrOf(query, 'node') || undefined },
    xml('identity', IDENTITY),
    ...FEATURES.map((feature) => xml('feature', { var: feature })),
  );
}
