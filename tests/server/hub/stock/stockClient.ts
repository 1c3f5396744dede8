import { NS } from '@/server/hub/xmpp/namespaces';
import { type Element, xml } from '@/server/hub/xmpp/stanza';
import { DOMAIN, RawClient } from '../rawClient';
import type { TestHub } from '../testHub';
import { readFrame } from './captured';

/** The features of lib-jitsi-meet that matter to a focus. */
const LIBRARY_FEATURES = ['http://jitsi.org/json-encoded-sources', 'urn:ietf:rfc:4588'];

const FINGERPRINT = Array.from({ length: 32 }, () => 'AB').join(':');

interface StockClientOptions {
  readonly room?: string;
  /** What it answers about its features; null: nothing. */
  readonly features?: readonly string[] | null;
  readonly machineUid?: string;
  /** What it shows in its presence. */
  readonly payload?: readonly Element[];
}

/** A client that enters a room of a stock Jitsi as lib-jitsi-meet does. */
export class StockClient {
  private constructor(readonly raw: RawClient) {}

  /** Asks for the conference and enters. Resolves once its own presence is there, which stays to be read. */
  static async join(world: TestHub, personId: string, options: StockClientOptions = {}): Promise<StockClient> {
    const { room = 'tavern', machineUid, payload = [] } = options;
    const token = world.tokens.issue(personId, { room });
    const client = new StockClient(await RawClient.connect(world.port, token, { room }));
    await client.request(machineUid);
    client.raw.enter(...payload);
    client.answerFeatures(options.features === undefined ? LIBRARY_FEATURES : options.features);
    await client.seen((frame) => isOwnPresence(frame));
    return client;
  }

  get endpointId(): string {
    return this.raw.endpointId;
  }

  /** Sends the conference request and returns the whole answer. */
  request(machineUid?: string): Promise<Element> {
    const attrs = { xmlns: NS.focus, room: this.raw.roomJid, 'machine-uid': machineUid };
    return this.raw.ask('set', `focus.${DOMAIN}`, xml('conference', attrs));
  }

  /** Everything the server has sent and nobody has taken. */
  get frames(): Element[] {
    return this.raw.socket.frames.map(readFrame).filter((frame) => frame !== null);
  }

  /** Waits until everything the hub has sent is here. */
  settle(): Promise<Element> {
    return this.raw.ask('get', DOMAIN, xml('ping', { xmlns: NS.ping }));
  }

  /** Waits for a frame, which stays to be read. */
  async seen(isWanted: (frame: Element) => boolean): Promise<Element> {
    const text = await this.raw.socket.seen((candidate) => {
      const frame = readFrame(candidate);
      return frame !== null && isWanted(frame);
    });
    return readFrame(text)!;
  }

  /** Waits for a Jingle request, which stays to be read. */
  async jingle(action: string): Promise<Element> {
    const iq = await this.seen((frame) => frame.getChild('jingle')?.attrs['action'] === action);
    return iq.getChild('jingle')!;
  }

  /** Accepts the session on offer, with one audio source. */
  accept(offer: Element, ssrc: number): Promise<Element> {
    const source = xml(
      'source',
      { xmlns: NS.sources, ssrc: String(ssrc), name: `${this.endpointId}-a0` },
      xml('parameter', { name: 'msid', value: `${this.endpointId}-audio-0-1 track` }),
    );
    const transport = xml(
      'transport',
      { xmlns: NS.iceUdp, ufrag: 'abcd', pwd: 'p'.repeat(24) },
      xml('fingerprint', { xmlns: NS.dtls, hash: 'sha-256', setup: 'active' }, FINGERPRINT),
    );
    const description = xml('description', { xmlns: NS.rtp, media: 'audio' }, source);
    return this.act(offer, 'session-accept', xml('content', { name: 'audio' }, description, transport));
  }

  /** Sends a Jingle action of the session on offer. Returns the answer. */
  act(offer: Element, action: string, ...children: Element[]): Promise<Element> {
    const jingle = xml('jingle', { xmlns: NS.jingle, action, sid: offer.attrs['sid'] }, ...children);
    return this.raw.ask('set', `${this.raw.roomJid}/focus`, jingle);
  }

  private answerFeatures(features: readonly string[] | null): void {
    if (features === null) return;
    void this.seen(isFeatureQuestion).then(
      (question) => {
        const list = features.map((feature) => xml('feature', { var: feature }));
        const query = xml('query', { xmlns: NS.discoInfo }, ...list);
        const { id, from } = question.attrs;
        this.raw.send(xml('iq', { xmlns: NS.client, type: 'result', id, to: from }, query));
      },
      () => {},
    );
  }
}

/** The focus asks for features. */
export function isFeatureQuestion(frame: Element): boolean {
  return frame.name === 'iq' && frame.attrs['type'] === 'get' && frame.getChild('query', NS.discoInfo) !== undefined;
}

function codes(frame: Element): (string | undefined)[] {
  return (
    frame
      .getChild('x', NS.mucUser)
      ?.getChildren('status')
      .map(({ attrs }) => attrs['code']) ?? []
  );
}

export function isOwnPresence(frame: Element): boolean {
  return frame.name === 'presence' && frame.attrs['type'] === undefined && codes(frame).includes('110');
}

/** Whether a frame is a presence of that occupant. */
export function isPresenceOf(frame: Element, nick: string): boolean {
  return frame.name === 'presence' && frame.attrs['from']?.split('/')[1] === nick;
}
