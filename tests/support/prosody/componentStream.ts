import { createHash } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import SaxLtx from 'ltx/src/parsers/ltx.js';
import { NS } from '@/server/hub/xmpp/namespaces';
import { Element, xml } from '@/server/hub/xmpp/stanza';

const COMPONENT_NS = 'jabber:component:accept';
/** Pause before the server is dialled again. */
const REDIAL_MS = 100;

interface ComponentAddress {
  readonly port: number;
  /** The component's domain, and the secret that proves it. */
  readonly domain: string;
  readonly secret: string;
}

interface ComponentEvents {
  onStanza(stanza: Element): void;
  /** The stream is gone, and with it everything that the server knew of the component. */
  onLost(): void;
}

/** An external component of an XMPP server (XEP-0114), which dials again whenever its stream is lost. */
export class ComponentStream {
  private socket: Socket | null = null;
  private isClosed = false;
  private isAccepted = false;
  private waiting: Array<() => void> = [];

  constructor(
    private readonly address: ComponentAddress,
    private readonly events: ComponentEvents,
  ) {
    this.dial();
  }

  /** Resolves once the server takes stanzas. */
  async ready(): Promise<void> {
    if (!this.isAccepted) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  /** Sends a stanza. It is lost if there is no stream. */
  send(stanza: Element): void {
    if (this.isAccepted) this.socket?.write(stanza.toString());
  }

  close(): void {
    this.isClosed = true;
    this.socket?.destroy();
  }

  private dial(): void {
    const { port, domain } = this.address;
    const socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket = socket;
    const reader = this.createReader();
    socket.setEncoding('utf8');
    socket.on('connect', () => {
      socket.write(`<stream:stream xmlns="${COMPONENT_NS}" xmlns:stream="${NS.stream}" to="${domain}">`);
    });
    socket.on('data', (text) => reader.write(text.toString()));
    socket.on('error', () => {});
    socket.once('close', () => this.onClosed());
  }

  private onClosed(): void {
    const wasAccepted = this.isAccepted;
    this.isAccepted = false;
    if (wasAccepted) this.events.onLost();
    if (!this.isClosed) setTimeout(() => this.isClosed || this.dial(), REDIAL_MS);
  }

  private createReader(): SaxLtx {
    const reader = new SaxLtx();
    let depth = 0;
    let current: Element | null = null;
    reader.on('startElement', (name, attrs) => {
      depth += 1;
      if (depth === 1) {
        this.prove(attrs['id'] ?? '');
        return;
      }
      const element: Element = new Element(name, attrs);
      current = current ? current.cnode(element) : element;
    });
    reader.on('text', (text) => current?.t(text));
    reader.on('endElement', () => {
      depth -= 1;
      const whole = depth === 1 ? current : null;
      current = current?.parent ?? null;
      if (whole) this.take(whole);
    });
    return reader;
  }

  private prove(streamId: string): void {
    const proof = createHash('sha1')
      .update(streamId + this.address.secret)
      .digest('hex');
    this.socket?.write(xml('handshake', {}, proof).toString());
  }

  private take(element: Element): void {
    if (element.name === 'handshake') {
      this.isAccepted = true;
      for (const resolve of this.waiting.splice(0)) resolve();
    } else if (element.name === 'stream:error') {
      throw new Error(`The XMPP server refused the component: ${element.toString()}`);
    } else {
      this.events.onStanza(element);
    }
  }
}
