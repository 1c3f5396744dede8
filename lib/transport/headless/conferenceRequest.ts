import { randomBytes } from 'node:crypto';
import { focusRefused, unreachable } from '../refusals';
import type { TransportError } from '../transport';
import { attrOf, type Element, NS, xml } from './element';

/** Sends a request and resolves with its answer: `XmppConnection.ask`. */
export type Ask = (to: string, payload: Element) => Promise<Element | undefined>;

/** A conference's focus and the room that it is asked for. */
interface ConferenceAddress {
  readonly focusDomain: string;
  /** `room@conference.domain`, in lower case. */
  readonly roomJid: string;
}

const ATTEMPTS_MAX = 4;
const AGAIN_AFTER_MS = 1_000;

/** Conditions by which a focus refuses, as opposed to one that is away. */
const REFUSALS = new Set(['not-authorized', 'not-allowed', 'forbidden', 'not-acceptable', 'bad-request']);

/** The part of an error of @xmpp/client that repeats the focus' answer. */
interface FocusError extends Error {
  readonly condition?: string;
  readonly text?: string;
  /** The condition of Jitsi's own. */
  readonly application?: Element;
}

/**
 * Asks the focus to join the MUC room, as every Jitsi client does before it enters. One for all links of a transport: a
 * focus that checks tokens itself wants to know the client again (`machine-uid`), and gives it a session that later
 * requests must name.
 */
export class ConferenceRequest {
  private readonly machineUid = randomBytes(16).toString('hex');
  private sessionId: string | undefined;

  /** Resolves once the room is there. A focus that is not ready is asked again. @throws TransportError */
  async send(ask: Ask, address: ConferenceAddress): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      if (await this.sendOnce(ask, address)) return;
      if (attempt === ATTEMPTS_MAX) throw unreachable('The conference focus is not ready.');
      await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
    }
  }

  private async sendOnce(ask: Ask, address: ConferenceAddress): Promise<boolean> {
    const hadSession = this.sessionId !== undefined;
    try {
      const answer = await ask(address.focusDomain, this.element(address.roomJid));
      this.sessionId = attrOf(answer, 'session-id') || this.sessionId;
      return attrOf(answer, 'ready') === 'true';
    } catch (error) {
      this.sessionId = undefined;
      // A session lasts no longer than its conference, and a focus that has restarted knows none.
      if (hadSession && isStale(error as FocusError)) return this.sendOnce(ask, address);
      throw refusal(error as FocusError);
    }
  }

  private element(roomJid: string): Element {
    const { machineUid, sessionId } = this;
    return xml('conference', { xmlns: NS.focus, room: roomJid, 'machine-uid': machineUid, 'session-id': sessionId });
  }
}

function isStale({ condition, application }: FocusError): boolean {
  return application?.name === 'session-invalid' || condition === 'not-acceptable';
}

function refusal(error: FocusError): TransportError {
  const { condition = '', text = '' } = error;
  if (REFUSALS.has(condition)) return focusRefused(text || condition, error);
  return unreachable('The conference focus did not answer.', text || condition, error);
}
