import { clone, Element, escapeXML } from 'ltx';
import SaxLtx from 'ltx/src/parsers/ltx.js';
import { NS } from './namespaces';

export { Element } from 'ltx';

type Child = Element | string | null;

/** Builds an element. Null children and undefined attributes are left out. */
export function xml(name: string, attrs: Record<string, string | undefined> = {}, ...children: Child[]): Element {
  const element = new Element(name, attrs);
  for (const child of children) if (child !== null) element.append(child);
  return element;
}

/** A copy without a parent. */
export function copyOf(element: Element): Element {
  return clone(element);
}

/** Defined conditions of RFC 6120, 8.3.3, that the hub answers with. */
export type StanzaCondition =
  | 'bad-request'
  | 'conflict'
  | 'forbidden'
  | 'item-not-found'
  | 'not-acceptable'
  | 'not-allowed'
  | 'policy-violation'
  | 'resource-constraint'
  | 'service-unavailable';

const ERROR_TYPE: Readonly<Partial<Record<StanzaCondition, string>>> = {
  forbidden: 'auth',
  'resource-constraint': 'wait',
};

function errorElement(condition: StanzaCondition, details: readonly Element[]): Element {
  return xml(
    'error',
    { type: ERROR_TYPE[condition] ?? 'cancel' },
    xml(condition, { xmlns: NS.stanzaErrors }),
    ...details,
  );
}

/** The result of an IQ, from its addressee. */
export function iqResult(request: Element, child: Element | null = null): Element {
  const { id, to, from } = request.attrs;
  return xml('iq', { type: 'result', id, from: to, to: from }, child);
}

/** The error to an IQ, from its addressee. */
export function iqError(request: Element, condition: StanzaCondition, ...details: Element[]): Element {
  const { id, to, from } = request.attrs;
  return xml('iq', { type: 'error', id, from: to, to: from }, errorElement(condition, details));
}

/** The error to a presence, such as one that tries to enter a room. */
export function presenceError(request: Element, condition: StanzaCondition, ...details: Element[]): Element {
  const { id, to, from } = request.attrs;
  return xml('presence', { type: 'error', id, from: to, to: from }, errorElement(condition, details));
}

/** Stands for the addressee while a stanza is written. No stanza contains it: XML does not allow it. */
const ADDRESSEE = '\u0001';

/** Writes a stanza once for any number of addressees. Returns what makes the text for one of them. */
export function forMany(stanza: Element): (to: string) => string {
  stanza.attrs['xmlns'] ??= NS.client;
  stanza.attrs['to'] = ADDRESSEE;
  const [before = '', after = ''] = stanza.toString().split(ADDRESSEE);
  return (to) => before + escapeXML(to) + after;
}

/** Whether a stanza is an IQ that must be answered. */
export function isRequest(stanza: Element): boolean {
  return stanza.name === 'iq' && (stanza.attrs['type'] === 'get' || stanza.attrs['type'] === 'set');
}

const DEPTH_MAX = 24;
const ELEMENTS_MAX = 1_500;
const ATTRIBUTES_MAX = 48;

/** Names without a prefix: relaying an undeclared prefix would break the other client's parser. */
const NAME = /^[A-Za-z_][\w.-]*$/;
const ATTRIBUTE_NAME = /^(?:xml:lang|[A-Za-z_][\w.-]*)$/;

/** Any character that XML 1.0 does not allow (section 2.2). */
const ILLEGAL_CHARACTER = /[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

/** DOCTYPE, comments and processing instructions, which XMPP forbids (RFC 6120, 11.1), and CDATA, which is not needed. */
const FORBIDDEN_MARKUP = /<[!?]/;

/** Namespaces that may not be declared as the default one (Namespaces in XML 1.0, section 3). */
const RESERVED_NAMESPACES = new Set(['http://www.w3.org/XML/1998/namespace', 'http://www.w3.org/2000/xmlns/']);

class Refused extends Error {}

class TreeBuilder {
  root: Element | null = null;
  private current: Element | null = null;
  private depth = 0;
  private elements = 0;

  get whole(): Element | null {
    return this.current === null ? this.root : null;
  }

  open(name: string, attrs: Record<string, string>): void {
    this.depth += 1;
    this.elements += 1;
    if (this.depth > DEPTH_MAX || this.elements > ELEMENTS_MAX) throw new Refused();
    if (!NAME.test(name) || !areAttributesSound(attrs)) throw new Refused();
    const element = new Element(name, attrs);
    if (this.current) this.current.cnode(element);
    else if (this.root) throw new Refused();
    else this.root = element;
    this.current = element;
  }

  close(name: string): void {
    if (this.current?.name !== name) throw new Refused();
    this.depth -= 1;
    this.current = this.current.parent;
  }

  text(text: string): void {
    if (this.current) this.current.t(text);
    else if (text.trim() !== '') throw new Refused();
  }
}

function areAttributesSound(attrs: Record<string, string>): boolean {
  const names = Object.keys(attrs);
  if (names.length > ATTRIBUTES_MAX || RESERVED_NAMESPACES.has(attrs['xmlns'] ?? '')) return false;
  return names.every((name) => ATTRIBUTE_NAME.test(name));
}

/**
 * Reads one frame of an XMPP WebSocket: exactly one element (RFC 7395, 3.3.3), limited in depth and number, without prefixes,
 * DOCTYPE, CDATA, comments or instructions. The result always serialises to well-formed XML. Returns null for anything
 * else; never throws.
 */
export function parseStanza(text: string): Element | null {
  if (FORBIDDEN_MARKUP.test(text) || ILLEGAL_CHARACTER.test(text)) return null;
  const builder = new TreeBuilder();
  const reader = new SaxLtx();
  reader.on('startElement', (name, attrs) => builder.open(name, attrs));
  reader.on('endElement', (name) => builder.close(name));
  reader.on('text', (content) => builder.text(content));
  try {
    reader.write(text);
  } catch {
    return null;
  }
  return builder.whole;
}
