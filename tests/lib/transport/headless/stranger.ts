import { type Element, xml } from '@/lib/transport/headless/element';
import { HeadlessTransport } from '@/lib/transport/headless/headlessTransport';
import type { JitsiPass, Link, LinkEvents } from '@/lib/transport/link';

/** How often a stranger repeats what everybody says, ms. */
const REPEATS_EVERY_MS = 50;

interface StrangerOptions {
  /** Whom it says to be, in its own presence. */
  readonly personId: string;
  /** The id that it enters under, where a server lets it choose; otherwise the one that it is given. */
  readonly endpointId?: string;
  fetchPass(): Promise<JitsiPass>;
  /** What it says over the bridge, again and again. */
  noncesToSay(): readonly string[];
}

/** The way into a headless link. */
interface Innards {
  readonly xmpp: { send(stanza: Element): void };
}

function identity(personId: string): Element {
  return xml('identity', {}, xml('user', {}, xml('id', {}, personId)));
}

/** Forges an identity in its own presence, and repeats every nonce. Can also enter under the id of another that has left. */
export class Stranger extends HeadlessTransport {
  private readonly talking: NodeJS.Timeout;

  constructor(private readonly says: StrangerOptions) {
    super({ fetchPass: says.fetchPass });
    this.talking = setInterval(() => this.talk(), REPEATS_EVERY_MS);
  }

  override async disconnect(): Promise<void> {
    clearInterval(this.talking);
    await super.disconnect();
  }

  protected override async createLink(pass: JitsiPass, events: LinkEvents): Promise<Link> {
    const link = await super.createLink(pass, events);
    const { endpointId, personId } = this.says;
    if (endpointId) Object.defineProperty(link, 'endpointId', { get: () => endpointId, set: () => {} });
    const { xmpp } = link as unknown as Innards;
    const send = xmpp.send.bind(xmpp);
    xmpp.send = (stanza) => {
      if (stanza.name === 'presence' && !stanza.attrs['type']) stanza.append(identity(personId));
      send(stanza);
    };
    return link;
  }

  private talk(): void {
    for (const nonce of this.says.noncesToSay()) this.link?.tell('', { parleyClaim: nonce });
  }
}
