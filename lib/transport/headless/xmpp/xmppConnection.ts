import { type Log, silentLog } from '@/lib/core/log';
import { loginRefused, loginUnanswered, unreachable } from '../../refusals';
import { lost, TransportError } from '../../transport';
import { attrOf, type Element, NS, xml } from '../element';
import { describeSelf } from './capabilities';
import { createXmppClient, type XmppClient } from './xmppClient';

/** The address of an XMPP server. */
interface XmppAddress {
  /** WebSocket address with room and token. */
  readonly url: string;
  readonly domain: string;
}

/** What an XMPP connection reports. Called one after the other, never after `close`. */
interface XmppEvents {
  onPresence(presence: Element): void;
  /** A Jingle request, which has been acknowledged. */
  onJingle(jingle: Element, from: string): void;
  /** The connection is cut and being resumed, or is back with nothing lost. */
  onSignalling(isUp: boolean): void;
  /** Down for good, after it was open. */
  onDown(error: TransportError): void;
}

/** How long an answer may take, milliseconds. */
const ANSWER_MAX_MS = 10_000;
/** How long login and binding together may take once the stream is open. */
const LOGIN_MAX_MS = 6_000;
const CLOSE_MAX_MS = 1_000;
/** Pauses before attempts to resume. A server keeps a session for 15 s (the hub) to 60 s (Jitsi). */
const RESUME_PAUSES_MS = [100, 250, 500, 1_000, 1_000, 2_000, 2_000, 3_000, 3_000];

/** One XMPP session over WebSocket (RFC 7395) with SASL ANONYMOUS. Resumes by itself (XEP-0198) when its socket is lost. */
export class XmppConnection {
  private readonly xmpp: XmppClient;
  private stage: 'opening' | 'open' | 'closed' = 'opening';
  private isResuming = false;
  private settle: ((outcome: string | Error) => void) | null = null;

  /** @throws Error if the address is not that of a WebSocket */
  constructor(
    address: XmppAddress,
    private readonly events: XmppEvents,
    private readonly log: Log = silentLog,
  ) {
    this.xmpp = createXmppClient(address.url, address.domain);
    this.listen();
  }

  /** Connects, authenticates and binds. Resolves with the local full JID. @throws TransportError */
  async open(): Promise<string> {
    try {
      const jid = await this.negotiate();
      this.stage = 'open';
      return jid;
    } catch (error) {
      await this.close();
      throw asRefusal(error);
    }
  }

  /** Sends a stanza. Never throws; a stanza sent while the connection is cut is lost. */
  send(stanza: Element): void {
    this.xmpp.client.send(stanza).catch((error: Error) => this.log.debug('stanza not sent', { why: error.message }));
  }

  /** Sends a request and resolves with the payload of the answer. Rejects with the refusal, or after 10 s. */
  async ask(to: string, payload: Element): Promise<Element | undefined> {
    const { iqCaller } = this.xmpp.client;
    const answer = await iqCaller.request(xml('iq', { type: 'set', to }, payload), ANSWER_MAX_MS);
    return answer.getChildElements()[0];
  }

  /** Closes stream and socket within a second. Never rejects. */
  async close(): Promise<void> {
    if (this.stage === 'closed') return;
    const wasOpen = this.stage === 'open';
    this.stage = 'closed';
    this.settle?.(lost());
    if (wasOpen) await this.closeStream();
    this.xmpp.terminate();
  }

  /** Cuts the socket as a broken network would, for drills. */
  cut(): void {
    this.xmpp.terminate();
  }

  private async closeStream(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const enough = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, CLOSE_MAX_MS);
    });
    await Promise.race([this.xmpp.client.stop().catch(() => {}), enough]);
    clearTimeout(timer);
  }

  private listen(): void {
    const { client, streamManagement } = this.xmpp;
    client.on('online', (jid) => this.settle?.(jid.toString()));
    client.on('error', (error) => this.onError(error));
    client.on('disconnect', () => this.onDisconnect());
    client.on('stanza', (stanza) => {
      if (this.stage !== 'closed' && stanza.name === 'presence') this.events.onPresence(stanza);
    });
    streamManagement.on('resumed', () => this.settle?.('resumed'));
    client.iqCallee.set(NS.jingle, 'jingle', ({ stanza, element }) => this.onJingle(element, stanza));
    client.iqCallee.get(NS.discoInfo, 'query', ({ element }) => describeSelf(element));
  }

  /** Opens a stream. Resolves with the JID if a session was bound, or with `resumed`. */
  private negotiate(): Promise<string> {
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined;
      const settle = (outcome: string | Error) => {
        clearTimeout(timer);
        this.settle = null;
        if (typeof outcome === 'string') resolve(outcome);
        else reject(outcome);
      };
      this.settle = settle;
      this.xmpp.dial().then(
        () => {
          if (this.settle === settle) timer = setTimeout(() => settle(loginUnanswered()), LOGIN_MAX_MS);
        },
        (error: Error) => this.settle?.(error),
      );
    });
  }

  private onError(error: Error): void {
    this.log.debug('XMPP error', { why: error.message });
    this.settle?.(error);
  }

  private onDisconnect(): void {
    if (this.settle) this.settle(lost());
    else if (this.stage === 'open' && !this.isResuming) void this.resume();
  }

  private async resume(): Promise<void> {
    this.isResuming = true;
    this.events.onSignalling(false);
    const isBack = this.xmpp.streamManagement.id !== '' && (await this.tryToResume());
    this.isResuming = false;
    if (this.stage !== 'open') return;
    if (isBack) this.events.onSignalling(true);
    else this.goDown();
  }

  private async tryToResume(): Promise<boolean> {
    for (const pauseMs of RESUME_PAUSES_MS) {
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (this.stage !== 'open') return false;
      try {
        // A JID instead means that the server has forgotten the session and started another.
        return (await this.negotiate()) === 'resumed';
      } catch (error) {
        this.log.debug('not resumed', { why: (error as Error).message });
        this.xmpp.terminate();
        if (isRefusal(error)) return false;
      }
    }
    return false;
  }

  private goDown(): void {
    void this.close();
    this.events.onDown(lost());
  }

  private onJingle(jingle: Element, stanza: Element): object {
    const from = attrOf(stanza, 'from');
    // Deferred until the acknowledgement has left, which happens when this returns.
    setImmediate(() => this.stage !== 'closed' && this.events.onJingle(jingle, from));
    return ACKNOWLEDGED;
  }
}

/** @xmpp/client answers a request with an empty result if its handler returns something that is not an element. */
const ACKNOWLEDGED = {};

/** An error of @xmpp/client that repeats what the server sent. */
interface SpokenError extends Error {
  readonly condition?: string;
  readonly text?: string;
}

/** Whether the login was refused, as opposed to a broken connection. */
function isRefusal(error: unknown): error is SpokenError {
  if (!(error instanceof Error) || error.name !== 'SASLError') return false;
  return (error as SpokenError).condition !== 'temporary-auth-failure';
}

function asRefusal(error: unknown): TransportError {
  if (error instanceof TransportError && error.refusal) return error;
  if (isRefusal(error)) return loginRefused(error.text || (error.condition ?? ''), error);
  return unreachable('The meeting server cannot be reached.', (error as SpokenError).text ?? '', error);
}
