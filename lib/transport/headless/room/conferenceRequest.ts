import { TransportError } from '../../transport';
import { attrOf, type Element, xml } from '../element';
import { NS } from '../namespaces';

/** How a request is asked: `XmppConnection.ask`. */
export type Ask = (to: string, payload: Element) => Promise<Element | undefined>;

const ATTEMPTS_MAX = 4;
const AGAIN_AFTER_MS = 1_000;

/**
 * Asks the focus to take part in the room, as every Jitsi client does before it enters; a focus that is not yet ready is asked
 * again. @throws TransportError
 */
export async function requestConference(ask: Ask, focusDomain: string, roomJid: string): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    const answer = await ask(focusDomain, conferenceElement(roomJid)).catch((error: Error) => {
      throw refusal(error);
    });
    if (attrOf(answer, 'ready') === 'true') return;
    if (attempt === ATTEMPTS_MAX) throw new TransportError('unreachable', 'The conference focus is not ready.');
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
  }
}

function conferenceElement(roomJid: string): Element {
  return xml('conference', { xmlns: NS.focus, room: roomJid });
}

const REFUSALS = new Set(['not-authorized', 'not-allowed', 'forbidden', 'not-acceptable']);

function refusal(error: Error): TransportError {
  const condition = (error as { condition?: unknown }).condition;
  if (typeof condition === 'string' && REFUSALS.has(condition)) {
    return new TransportError('notAllowed', 'The conference focus refused this token.', { cause: error });
  }
  return new TransportError('unreachable', 'The conference focus gave no answer.', { cause: error });
}
