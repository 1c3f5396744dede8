import { randomBytes } from 'node:crypto';
import type { Log } from '@/lib/core/log';
import { type JitsiPass, LINK_BACKLOG_MAX_BYTES, type Link, type LinkEvents, type LinkOutcome } from '../link';
import { LinkedTransport, type LinkedTransportOptions } from '../linkedTransport';
import type { MediaPhase } from '../mediaPath';
import type { TransportError } from '../transport';
import {
  type ChannelKind,
  endpointMessage,
  packetMessage,
  readBridgeMessage,
  screenConstraints,
} from './bridgeChannel';
import { ConferenceRequest } from './conferenceRequest';
import { ConferenceSession } from './conferenceSession';
import type { HearScreen } from './media/screenReceiver';
import { MucRoom } from './mucRoom';
import type { OpusSource } from './voice/opusPacket';
import { type HearVoice, VoiceBook, type VoiceStats } from './voice/voiceBook';
import { XmppConnection } from './xmpp/xmppConnection';

export interface HeadlessOptions extends LinkedTransportOptions {
  /** `none` (default): neither voices nor screens; a media connection only because bridges give up endpoints without one. */
  readonly media?: 'none' | 'voice';
  /** Hears the voices of the others packet by packet, as the bridge forwards them. Needs `media: 'voice'`. */
  readonly hearVoice?: HearVoice;
  /** Hears shared screens packet by packet, in VP8. Needs `media: 'voice'`. */
  readonly hearScreen?: HearScreen;
}

/** A transport over a conference of the hub or a Jitsi deployment, in Node without a browser. */
export class HeadlessTransport extends LinkedTransport {
  private readonly voices: VoiceBook;
  private readonly request = new ConferenceRequest();
  private readonly media: 'none' | 'voice';
  private readonly hearScreen: HearScreen | null;
  private voice: OpusSource | null = null;

  constructor(options: HeadlessOptions) {
    super(options);
    this.media = options.media ?? 'none';
    this.hearScreen = options.hearScreen ?? null;
    this.voices = new VoiceBook(options.hearVoice);
  }

  /** What the bridge channel runs over now; null if there is none. */
  get channelKind(): ChannelKind | null {
    return this.headlessLink?.channelKind ?? null;
  }

  /** Figures of the incoming voices, by endpoint id. */
  voiceStats(): ReadonlyMap<string, VoiceStats> {
    return this.voices.stats();
  }

  /** Repeats `voice` in real time, now and after every reconnection; null stops. Needs `media: 'voice'`. */
  speak(voice: OpusSource | null): void {
    this.voice = voice;
    this.headlessLink?.speak(voice);
  }

  /** Asks for a keyframe of every shared screen. */
  askForKeyframes(): void {
    this.headlessLink?.askForKeyframes();
  }

  /** Cuts the bridge channel as a broken network would, for drills. */
  cutChannel(): void {
    this.headlessLink?.cutChannel();
  }

  /** Cuts the XMPP socket as a broken network would, for drills. */
  cutXmpp(): void {
    this.headlessLink?.cutXmpp();
  }

  protected async createLink(pass: JitsiPass, events: LinkEvents): Promise<Link> {
    const { media, voices, hearScreen, request, log } = this;
    const link = new HeadlessLink(pass, events, { media, voices, hearScreen, request, log });
    link.speak(this.voice);
    return link;
  }

  private get headlessLink(): HeadlessLink | null {
    return this.link as HeadlessLink | null;
  }
}

/** What a link needs besides its pass. */
interface HeadlessLinkParts {
  readonly media: 'none' | 'voice';
  readonly voices: VoiceBook;
  readonly hearScreen: HearScreen | null;
  readonly request: ConferenceRequest;
  readonly log: Log;
}

/** One connection to one conference of the hub or a Jitsi deployment, without a browser. */
class HeadlessLink implements Link {
  endpointId = '';
  occupantId: string | null = null;
  private readonly xmpp: XmppConnection;
  private room: MucRoom | null = null;
  private session: ConferenceSession | null = null;
  private voice: OpusSource | null = null;
  private isHidden = false;
  private isUnheard = false;
  private isUp = false;
  private isClosed = false;

  constructor(
    private readonly pass: JitsiPass,
    private readonly events: LinkEvents,
    private readonly parts: HeadlessLinkParts,
  ) {
    this.xmpp = new XmppConnection(
      { url: serviceUrl(pass), domain: pass.coordinates.xmppDomain },
      {
        onPresence: (presence) => this.room?.take(presence),
        onJingle: (jingle, from) => this.isFocus(from) && this.session?.take(jingle, from),
        onSignalling: (isUp) => this.onSignalling(isUp),
        onDown: (error) => this.goDown(error),
      },
      parts.log,
    );
  }

  /** A WebSocket reconnects by itself, a data channel only with a fresh session. */
  get reopensChannel(): boolean {
    return this.channelKind !== 'datachannel';
  }

  get canRestart(): boolean {
    const phase = this.mediaPhase;
    return phase !== 'connecting' && phase !== 'failed' && (this.session?.canRestart ?? false);
  }

  get backlogBytes(): number | null {
    return this.session?.bridgeChannel?.bufferedBytes ?? null;
  }

  get mediaPhase(): MediaPhase {
    return this.session?.mediaPhase ?? 'none';
  }

  get mediaPort(): number | null {
    return this.session?.mediaPort ?? null;
  }

  get channelKind(): ChannelKind | null {
    return this.session?.bridgeChannel?.kind ?? null;
  }

  private get roomJid(): string {
    const { room, mucDomain } = this.pass.coordinates;
    return `${room}@${mucDomain}`.toLowerCase();
  }

  /** Nothing waits for this: voices are gathered by their own ids. */
  begin(): void {}

  async open(): Promise<void> {
    try {
      const jid = await this.xmpp.open();
      this.endpointId = nickOf(jid);
      const { focusDomain } = this.pass.coordinates;
      await this.parts.request.send((to, payload) => this.xmpp.ask(to, payload), {
        focusDomain,
        roomJid: this.roomJid,
      });
      await this.enterRoom(jid);
      this.isUp = true;
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  broadcast(bytes: Uint8Array, sizeBytes: number): LinkOutcome {
    return this.send(() => packetMessage('', bytes, sizeBytes));
  }

  sendTo(endpointId: string, bytes: Uint8Array, sizeBytes: number): LinkOutcome {
    return this.send(() => packetMessage(endpointId, bytes, sizeBytes));
  }

  tell(endpointId: string, payload: unknown): LinkOutcome {
    return this.send(() => endpointMessage(endpointId, payload));
  }

  setHidden(isHidden: boolean): void {
    this.isHidden = isHidden;
    this.room?.announce({ isHidden });
  }

  setUnheard(isUnheard: boolean): void {
    this.isUnheard = isUnheard;
    this.room?.announce({ isUnheard });
  }

  restart(): void {
    this.session?.restartNow();
  }

  /** Repeats `voice` from now on; null ends it. Never throws. */
  speak(voice: OpusSource | null): void {
    this.voice = voice;
    this.session?.speak(voice);
    this.room?.announce({ isSpeaking: this.isSpeaking });
  }

  /** Asks for a keyframe of every shared screen. */
  askForKeyframes(): void {
    this.session?.askForKeyframes();
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.isUp = false;
    this.session?.close();
    this.room?.leave();
    await this.xmpp.close();
  }

  /** Cuts the bridge channel as a broken network would, for drills. */
  cutChannel(): void {
    this.session?.bridgeChannel?.cut();
  }

  /** Cuts the XMPP socket as a broken network would, for drills. */
  cutXmpp(): void {
    this.xmpp.cut();
  }

  private get isSpeaking(): boolean {
    return this.parts.media === 'voice' && this.voice !== null;
  }

  private async enterRoom(jid: string): Promise<void> {
    this.session = this.createSession(jid);
    this.session.speak(this.voice);
    this.room = new MucRoom({ roomJid: this.roomJid, nick: this.endpointId }, (stanza) => this.xmpp.send(stanza), {
      onJoined: (endpoint) => this.events.onJoined(endpoint),
      onLeft: (endpointId) => this.events.onLeft(endpointId),
      onOccupant: (endpointId, occupantId) => this.onOccupant(endpointId, occupantId),
      onHidden: (endpointId, isHidden) => this.events.onHidden(endpointId, isHidden),
      onUnheard: (endpointId, isUnheard) => this.events.onUnheard(endpointId, isUnheard),
      onBridgeAway: (isAway) => this.events.onBridgeAway(isAway),
      onOwner: (endpointId) => this.events.onOwner(endpointId),
      onOut: (error) => this.goDown(error),
    });
    const { isHidden, isUnheard, isSpeaking } = this;
    await this.room.enter({ isHidden, isUnheard, isSpeaking, hearsScreens: this.parts.hearScreen !== null });
  }

  private createSession(jid: string): ConferenceSession {
    return new ConferenceSession({
      ...this.parts,
      endpointId: this.endpointId,
      jid,
      ask: (to, jingle) => this.xmpp.ask(to, jingle),
      channelEvents: {
        onOpen: (isOpen) => this.onChannel(isOpen),
        onText: (text) => this.take(text),
      },
    });
  }

  private onChannel(isOpen: boolean): void {
    // A bridge forwards little until it is told what is wanted.
    if (isOpen && this.parts.hearScreen) this.session?.bridgeChannel?.send(screenConstraints());
    if (!this.isClosed) this.events.onChannel(isOpen);
  }

  private onOccupant(endpointId: string, occupantId: string): void {
    if (endpointId === this.endpointId) this.occupantId = occupantId;
    this.events.onOccupant(endpointId, occupantId);
  }

  private isFocus(from: string): boolean {
    return from.toLowerCase() === `${this.roomJid}/focus`;
  }

  private take(text: string): void {
    const message = readBridgeMessage(text);
    if (message?.kind === 'endpointMessage') this.events.onMessage(message.from, message.payload);
    if (message?.kind === 'downlink') this.events.onDownlink(message.downlinkBps);
  }

  private send(encode: () => string): LinkOutcome {
    const channel = this.session?.bridgeChannel;
    if (!channel?.isOpen) return 'notOpen';
    if (channel.bufferedBytes > LINK_BACKLOG_MAX_BYTES) return 'backlogged';
    return channel.send(encode()) ? 'sent' : 'notOpen';
  }

  private onSignalling(isUp: boolean): void {
    // Changes made while the connection was cut were not sent.
    if (isUp) this.room?.announce();
    this.events.onSignalling(isUp);
  }

  private goDown(error: TransportError): void {
    if (!this.isUp || this.isClosed) return;
    this.isUp = false;
    this.events.onDown(error);
  }
}

/** The address that lib-jitsi-meet would use, with room and token in the query. */
function serviceUrl({ coordinates, joinToken }: JitsiPass): string {
  const url = new URL(coordinates.xmppWebSocketUrl);
  url.searchParams.set('room', coordinates.room.toLowerCase());
  if (joinToken) url.searchParams.set('token', joinToken);
  return url.toString();
}

/** The endpoint id, as lib-jitsi-meet makes it: the start of the UUID that the server bound, else a random one. */
function nickOf(jid: string): string {
  return /^[0-9a-f]{8}/.exec(jid)?.[0] ?? randomBytes(4).toString('hex');
}
