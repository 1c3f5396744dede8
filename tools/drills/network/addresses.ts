import { type Element, parse } from 'ltx';

/** Where addresses that a site and its Jitsi name are reached instead. */
export interface Aliases {
  /** An address under the drill's network for one of a web server. */
  urlFor(url: string): string;
  /** The port on 127.0.0.1 for one of a bridge's addresses, on a path that carries the channel or not. */
  portFor(address: BridgeAddress, carriesChannel: boolean): Promise<number>;
}

/** A bridge's UDP address. */
export interface BridgeAddress {
  readonly ip: string;
  readonly port: number;
}

/** What a page or program is told of a Jitsi when it joins. */
const JITSI_ADDRESSES = ['libUrl', 'xmppWebSocketUrl'];

/** A JSON answer of the API, with every address of Jitsi's web server replaced. */
export function replaceInAnswer(text: string, aliases: Pick<Aliases, 'urlFor'>): string {
  return JSON.stringify(JSON.parse(text), (key, value) =>
    JITSI_ADDRESSES.includes(key) && typeof value === 'string' ? aliases.urlFor(value) : value,
  );
}

function childrenOf(element: Element): Element[] {
  return element.children.filter((child): child is Element => typeof child !== 'string');
}

function all(element: Element, name: string): Element[] {
  return childrenOf(element).flatMap((child) => [...(child.name === name ? [child] : []), ...all(child, name)]);
}

function without(element: Element, isUnwanted: (child: Element) => boolean): void {
  element.children = element.children.filter((child) => typeof child === 'string' || !isUnwanted(child));
  for (const child of childrenOf(element)) without(child, isUnwanted);
}

const isCandidate = ({ name }: Element) => name === 'candidate';
const isUdpCandidate = ({ attrs }: Element) => attrs['protocol']?.toLowerCase() === 'udp';

/** A bridge channel over a WebSocket in an offer; candidates that come later belong to the last offer. */
export interface OfferedChannel {
  isWebSocket: boolean;
}

/**
 * A stanza from the server, with the addresses of bridges replaced: those of channels over a WebSocket, and ICE candidates over
 * UDP. Candidates over TCP are left out. `channel` remembers what the last offer said.
 */
export async function replaceInOffer(text: string, aliases: Aliases, channel: OfferedChannel): Promise<string> {
  if (!/<candidate|<web-socket|session-initiate/.test(text)) return text;
  const stanza = parse(text);
  const sockets = all(stanza, 'web-socket');
  if (text.includes('session-initiate')) channel.isWebSocket = sockets.length > 0;
  for (const { attrs } of sockets) if (attrs['url']) attrs['url'] = aliases.urlFor(attrs['url']);
  without(stanza, (child) => isCandidate(child) && !isUdpCandidate(child));
  const ports = new Map<string, number>();
  for (const { attrs } of all(stanza, 'candidate')) {
    const address = { ip: attrs['ip'] ?? '', port: Number(attrs['port']) };
    const key = `${address.ip} ${address.port}`;
    const port = ports.get(key) ?? (await aliases.portFor(address, !channel.isWebSocket));
    ports.set(key, port);
    Object.assign(attrs, { ip: '127.0.0.1', port: String(port) });
  }
  return stanza.toString();
}

/** A stanza from the client without its own ICE candidates: a bridge that knew them would go around the drill's network. */
export function withoutOwnCandidates(text: string): string {
  if (!text.includes('<candidate')) return text;
  const stanza = parse(text);
  without(stanza, isCandidate);
  return stanza.toString();
}
