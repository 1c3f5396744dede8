import { NS } from './namespaces';
import { type Element, xml } from './stanza';

/** What lib-jitsi-meet and Parley's headless client show of themselves, with its namespace. Each is text only. */
const SHOWN: Readonly<Record<string, string | null>> = {
  SourceInfo: null,
  audiomuted: NS.audioMuted,
  videomuted: NS.videoMuted,
  videoType: NS.videoMuted,
};

/** A participant property, such as the codecs a client knows, or that its page is hidden. */
const PROPERTY = /^jitsi_participant_[\w.-]{1,48}$/;
const PROPERTIES_MAX = 12;

/** Printable ASCII: hashes, addresses and names of features. */
const PRINTABLE = /^[\x20-\x7e]{1,256}$/;

const FEATURES_MAX = 64;
const IDENTITIES_MAX = 4;

/**
 * The elements of a presence that may be shown to others: what clients need, rebuilt so that nothing else comes along. A
 * spectator shows only which client it is.
 */
export function shownPayload(presence: Element, isSpectator: boolean): Element[] {
  const caps = capabilities(presence);
  const shown = isSpectator ? [] : statesOf(presence);
  return caps ? [caps, ...shown] : shown;
}

function statesOf(presence: Element): Element[] {
  const byName = new Map<string, Element>();
  let properties = 0;
  for (const child of presence.getChildElements()) {
    const { name } = child;
    const isProperty = PROPERTY.test(name);
    if (!isProperty && !Object.hasOwn(SHOWN, name)) continue;
    if (isProperty && !byName.has(name)) properties += 1;
    if (properties > PROPERTIES_MAX) continue;
    byName.set(name, xml(name, { xmlns: SHOWN[name] ?? undefined }, child.getText()));
  }
  return [...byName.values()];
}

/** Which client it is (XEP-0115), which spares the others a question. */
function capabilities(presence: Element): Element | null {
  const { hash = '', node = '', ver = '' } = presence.getChild('c', NS.caps)?.attrs ?? {};
  if (![hash, node, ver].every((value) => PRINTABLE.test(value))) return null;
  return xml('c', { xmlns: NS.caps, hash, node, ver });
}

/** What may be relayed of a message: its text, or lib-jitsi-meet's message in JSON. Null if there is neither. */
export function messagePayload(message: Element): Element | null {
  const body = message.getChild('body');
  if (body) return xml('body', {}, body.getText());
  const json = message.getChild('json-message');
  return json ? xml('json-message', { xmlns: NS.jitsiMeet }, json.getText()) : null;
}

/** The node by which an occupant may be asked for its features: the one it shows. */
export function nodeOf(payload: readonly Element[]): string | null {
  const caps = payload.find(({ name }) => name === 'c');
  return caps ? `${caps.attrs['node']}#${caps.attrs['ver']}` : null;
}

/** A question for an occupant's features (XEP-0030), with its node if it names the right one. Null for any other request. */
export function featureQuestion(request: Element, node: string | null): Element | null {
  const query = request.attrs['type'] === 'get' ? request.getChild('query', NS.discoInfo) : undefined;
  if (!query) return null;
  return xml('query', { xmlns: NS.discoInfo, node: query.attrs['node'] === node ? (node ?? undefined) : undefined });
}

/** The features in an occupant's answer, without anything else; null if it names none. */
export function featureAnswer(answer: Element, node: string | null): Element | null {
  const query = answer.getChild('query', NS.discoInfo);
  if (!query) return null;
  const shownNode = query.attrs['node'] === node ? (node ?? undefined) : undefined;
  return xml('query', { xmlns: NS.discoInfo, node: shownNode }, ...identitiesOf(query), ...featuresOf(query));
}

function identitiesOf(query: Element): Element[] {
  return query
    .getChildren('identity')
    .filter(({ attrs }) => ['category', 'type'].every((key) => PRINTABLE.test(attrs[key] ?? '')))
    .slice(0, IDENTITIES_MAX)
    .map(({ attrs: { category, type, name } }) =>
      xml('identity', { category, type, name: name !== undefined && PRINTABLE.test(name) ? name : undefined }),
    );
}

function featuresOf(query: Element): Element[] {
  return query
    .getChildren('feature')
    .map(({ attrs }) => attrs['var'] ?? '')
    .filter((feature) => PRINTABLE.test(feature))
    .slice(0, FEATURES_MAX)
    .map((feature) => xml('feature', { var: feature }));
}
