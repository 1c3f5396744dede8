import { randomUUID } from 'node:crypto';
import type { Admitted } from '@/lib/core/admission';
import type { Refusal, StreamDialect } from '../profile/hubProfile';
import { NS } from './namespaces';
import { type Session, STREAM_CLOSE, type Wire } from './session';
import type { SessionDirectory } from './sessionDirectory';
import { type Element, iqError, iqResult, parseStanza, xml } from './stanza';
import type { StanzaRate } from './stanzaRate';

/** The steps of a stream (RFC 7395). Each allows only what comes next. */
type Step =
  | { readonly name: 'opening' }
  | { readonly name: 'authenticating' }
  | { readonly name: 'verifying' }
  | { readonly name: 'restarting'; readonly admitted: Admitted; readonly resumeOnly: boolean }
  | { readonly name: 'binding'; readonly admitted: Admitted; readonly resumeOnly: boolean }
  | { readonly name: 'bound'; readonly session: Session }
  | { readonly name: 'closed' };

/** What a stream needs from the hub. */
export interface StreamContext {
  readonly domain: string;
  readonly directory: SessionDirectory;
  readonly dialect: StreamDialect;
  /** Handles every stanza of a bound session, with `from` already stamped. */
  readonly onStanza: (session: Session, stanza: Element) => void;
  /** Called before the socket is closed because a frame was no stanza or out of order. */
  readonly onViolation: () => void;
}

/** What the opening HTTP request contained. */
export interface StreamRequest {
  readonly token: string | null;
  /** The session that is to be resumed; null if the address names none. */
  readonly previd: string | null;
  /** `ws://host` or `wss://host` under which the client reached the hub. */
  readonly webSocketOrigin: string;
}

const POLICY_VIOLATION = 1008;
const RESOURCE = /^[\w.-]{1,64}$/;
const STANZAS = new Set(['iq', 'presence', 'message']);

/** The XMPP stream on one WebSocket: opening, SASL, bind or resumption, then stanzas. Never throws at its callers. */
export class XmppStream {
  private step: Step = { name: 'opening' };

  constructor(
    private readonly wire: Wire,
    private readonly request: StreamRequest,
    private readonly context: StreamContext,
    /** What this socket may send until it has a session, which then keeps it. */
    private readonly ownRate: StanzaRate,
  ) {}

  /** The session's rate, which a resumed session brings along; before that, the socket's own. */
  get rate(): StanzaRate {
    return this.session?.rate ?? this.ownRate;
  }

  /** The session, once bound or resumed. */
  get session(): Session | null {
    return this.step.name === 'bound' ? this.step.session : null;
  }

  /** Whether the stream is over, so that further frames are ignored. */
  get isClosed(): boolean {
    return this.step.name === 'closed';
  }

  /** Handles one text frame. Resolves when that is done. */
  async receive(text: string): Promise<void> {
    if (this.isClosed) return;
    const element = parseStanza(text);
    if (!element) return this.violate('not a stanza');
    if (element.name === 'close' && element.attrs['xmlns'] === NS.framing) return this.leave();
    switch (this.step.name) {
      case 'opening':
      case 'restarting':
        return this.open(element);
      case 'authenticating':
        return this.authenticate(element);
      case 'binding':
        return this.bindOrResume(element, this.step.admitted, this.step.resumeOnly);
      case 'bound':
        return this.take(element, this.step.session);
      case 'verifying':
        return this.violate('frame before the answer');
    }
  }

  /** Ends the stream and its session because the client exceeded a limit. */
  abort(reason: string): void {
    this.finish(POLICY_VIOLATION, reason);
  }

  /** Call once the socket is gone. The resume window counts from `lastHeardMs`; with `isFinal` there is none. */
  disconnected(lastHeardMs: number, isFinal: boolean): void {
    const { step } = this;
    this.step = { name: 'closed' };
    if (step.name === 'restarting' || step.name === 'binding') this.abandon(step.admitted, step.resumeOnly);
    if (step.name !== 'bound' || !step.session.isOn(this.wire)) return;
    if (isFinal) this.context.directory.end(step.session);
    else this.context.directory.lost(step.session, lastHeardMs);
  }

  private open(element: Element): void {
    if (element.name !== 'open' || element.attrs['xmlns'] !== NS.framing) {
      this.violate('open expected');
      return;
    }
    const { domain } = this.context;
    this.send(xml('open', { xmlns: NS.framing, from: domain, id: randomUUID(), version: '1.0', 'xml:lang': 'en' }));
    if (this.step.name === 'restarting') {
      this.step = { ...this.step, name: 'binding' };
      this.features(...this.context.dialect.features());
    } else {
      this.step = { name: 'authenticating' };
      this.features(xml('mechanisms', { xmlns: NS.sasl }, xml('mechanism', {}, 'ANONYMOUS')));
    }
  }

  private async authenticate(element: Element): Promise<void> {
    if (element.name !== 'auth' || element.attrs['xmlns'] !== NS.sasl) return this.violate('auth expected');
    if (element.attrs['mechanism'] !== 'ANONYMOUS') {
      return this.refuse('invalid-mechanism', { text: 'Only ANONYMOUS is offered.', closesStream: true });
    }
    this.step = { name: 'verifying' };
    const entry = await this.context.directory.authenticate(this.request.token);
    if (this.step.name !== 'verifying') {
      if (entry.kind === 'fresh') this.context.directory.abandon(entry.admitted);
      return;
    }
    if (entry.kind === 'refused') return this.refuse('not-allowed', entry.refusal);
    this.step = { name: 'restarting', admitted: entry.admitted, resumeOnly: entry.kind === 'resumeOnly' };
    this.send(xml('success', { xmlns: NS.sasl }));
  }

  private bindOrResume(element: Element, admitted: Admitted, resumeOnly: boolean): void {
    if (element.name === 'resume' && this.isManagement(element)) {
      this.resume(element, admitted);
      return;
    }
    const bind =
      element.name === 'iq' && element.attrs['type'] === 'set' ? element.getChild('bind', NS.bind) : undefined;
    if (!bind) {
      this.violate('bind expected');
      return;
    }
    if (resumeOnly || this.context.directory.isRevoked(admitted)) {
      this.send(iqError(element, 'not-allowed'));
      this.violate(resumeOnly ? 'token used' : 'stay over');
      return;
    }
    const wanted = bind.getChildText('resource') ?? '';
    const resource = RESOURCE.test(wanted) ? wanted : randomUUID().slice(0, 12);
    const origin = { webSocketOrigin: this.request.webSocketOrigin, rate: this.ownRate };
    const session = this.context.directory.bind(admitted, resource, origin, this.wire);
    this.step = { name: 'bound', session };
    session.send(iqResult(element, xml('bind', { xmlns: NS.bind }, xml('jid', {}, session.jid))));
  }

  private resume(element: Element, admitted: Admitted): void {
    const { previd, h } = element.attrs;
    const session = this.isAddressed(previd) ? this.context.directory.resumable(previd, admitted) : null;
    const management = session?.management;
    if (!session || !management?.acknowledge(h)) {
      const condition = xml('item-not-found', { xmlns: NS.stanzaErrors });
      this.send(xml('failed', { xmlns: element.attrs['xmlns'] }, condition));
      return;
    }
    session.attach(this.wire);
    this.step = { name: 'bound', session };
    this.send(xml('resumed', { xmlns: element.attrs['xmlns'], previd, h: String(management.received) }));
    for (const stanza of management.unacknowledged) this.wire.send(stanza);
  }

  /** Whether the address of the socket names the session, where it must: otherwise its client authenticates as someone else. */
  private isAddressed(previd: string | undefined): boolean {
    return !this.context.dialect.resumesByAddress || this.request.previd === previd;
  }

  private take(element: Element, session: Session): void {
    if (STANZAS.has(element.name)) {
      if (session.management) session.management.received += 1;
      element.attrs['from'] = session.jid;
      delete element.attrs['xmlns'];
      this.context.onStanza(session, element);
      return;
    }
    if (!this.isManagement(element)) {
      this.violate('unknown element');
      return;
    }
    this.manage(element, session);
  }

  private isManagement({ attrs: { xmlns = '' } }: Element): boolean {
    return this.context.dialect.managementVersions.includes(xmlns);
  }

  private manage(element: Element, session: Session): void {
    const xmlns = element.attrs['xmlns'] ?? '';
    switch (element.name) {
      case 'enable': {
        if (session.management) {
          this.violate('enabled twice');
          return;
        }
        const { id } = session.manage(xmlns);
        this.send(xml('enabled', { xmlns, id, resume: 'true', ...this.context.dialect.enabledAttrs }));
        return;
      }
      case 'r':
        this.send(xml('a', { xmlns, h: String(session.management?.received ?? 0) }));
        return;
      case 'a':
        if (!session.management?.acknowledge(element.attrs['h'])) this.violate('impossible count');
        return;
      default:
        this.violate('unknown element');
        return;
    }
  }

  private leave(): void {
    this.wire.send(STREAM_CLOSE);
    this.finish(1000, 'closed by the client');
  }

  private refuse(condition: string, { text, closesStream }: Refusal): void {
    // A client that gets no answer still waits for it.
    if (text === null) return;
    this.send(xml('failure', { xmlns: NS.sasl }, xml(condition), xml('text', {}, text)));
    if (closesStream) this.finish(POLICY_VIOLATION, condition);
    else this.step = { name: 'authenticating' };
  }

  private violate(reason: string): void {
    this.context.onViolation();
    this.finish(POLICY_VIOLATION, reason);
  }

  /** Ends the stream with its session: only a session with a lost socket may be resumed. */
  private finish(code: number, reason: string): void {
    this.wire.close(code, reason);
    this.disconnected(0, true);
  }

  private abandon(admitted: Admitted, resumeOnly: boolean): void {
    if (!resumeOnly) this.context.directory.abandon(admitted);
  }

  private features(...features: Element[]): void {
    this.send(xml('stream:features', { xmlns: NS.client, 'xmlns:stream': NS.stream }, ...features));
  }

  private send(element: Element): void {
    this.wire.send(element.toString());
  }
}
