import { type Element, xml } from './element';
import { NS } from './namespaces';

/** Defined conditions of RFC 6120, 8.3.3, that the hub answers with. */
export type StanzaCondition =
  | 'bad-request'
  | 'conflict'
  | 'forbidden'
  | 'item-not-found'
  | 'not-acceptable'
  | 'not-allowed'
  | 'policy-violation'
  | 'service-unavailable';

function errorElement(condition: StanzaCondition): Element {
  const type = condition === 'forbidden' ? 'auth' : 'cancel';
  return xml('error', { type }, xml(condition, { xmlns: NS.stanzaErrors }));
}

/** The result of an IQ, from whom it was addressed to. */
export function iqResult(request: Element, child: Element | null = null): Element {
  const { id, to, from } = request.attrs;
  return xml('iq', { type: 'result', id, from: to, to: from }, child);
}

/** The error to an IQ, from whom it was addressed to. */
export function iqError(request: Element, condition: StanzaCondition): Element {
  const { id, to, from } = request.attrs;
  return xml('iq', { type: 'error', id, from: to, to: from }, errorElement(condition));
}

/** The error to a presence, such as one that asks to enter a room. */
export function presenceError(request: Element, condition: StanzaCondition): Element {
  const { id, to, from } = request.attrs;
  return xml('presence', { type: 'error', id, from: to, to: from }, errorElement(condition));
}

/** True for an IQ that must be answered. */
export function isRequest(stanza: Element): boolean {
  return stanza.name === 'iq' && (stanza.attrs['type'] === 'get' || stanza.attrs['type'] === 'set');
}
