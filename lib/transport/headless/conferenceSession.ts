import { randomInt } from 'node:crypto';
import type { Log } from '@/lib/core/log';
import type { MediaPhase } from '../mediaPath';
import { type BridgeChannel, type ChannelEvents, WebSocketChannel } from './bridgeChannel';
import { attrOf, type Element } from './element';
import { inventTransport, type OwnVoice, restartRequest, sessionAccept } from './jingle/jingleAnswer';
import { type JingleOffer, readCandidate, readOffer, readSources } from './jingle/jingleOffer';
import type { MediaSession } from './media/mediaSession';
import type { HearScreen } from './media/screenReceiver';
import { voiceSourceName } from './mucRoom';
import type { OpusSource } from './voice/opusPacket';
import type { VoiceBook } from './voice/voiceBook';

/** What a conference session needs. */
interface ConferenceSessionParts {
  readonly endpointId: string;
  /** The local full JID. */
  readonly jid: string;
  /** `none`: a media connection only for the bridge, which gives up endpoints without one, and for a channel that needs it. */
  readonly media: 'none' | 'voice';
  readonly voices: VoiceBook;
  /** Hears shared screens; null if none are wanted. Needs `media: 'voice'`. */
  readonly hearScreen: HearScreen | null;
  readonly channelEvents: ChannelEvents;
  readonly log: Log;
  /** Sends a Jingle request to `to` and resolves with its answer. */
  ask(to: string, jingle: Element): Promise<unknown>;
}

/**
 * Pauses before requests for a fresh session: each is twice as long as the one before, until media comes through. A fresh
 * session may bring a fresh bridge channel, and packets must not suffer from media that never comes through.
 */
const RESTART_PAUSE_MS = 2_000;
const RESTART_PAUSE_MAX_MS = 64_000;

/**
 * The session that the focus offers over Jingle: the bridge channel and, if wanted, the media connection. A new offer
 * replaces the previous one.
 */
export class ConferenceSession {
  private offer: JingleOffer | null = null;
  private focusJid = '';
  private channel: BridgeChannel | null = null;
  private media: MediaSession | null = null;
  private voice: OpusSource | null = null;
  private restart: NodeJS.Timeout | null = null;
  private restarts = 0;
  /** Whether the focus has been asked to replace this session. */
  private isReplaced = false;
  private isClosed = false;
  private readonly ownVoice: OwnVoice;

  constructor(private readonly parts: ConferenceSessionParts) {
    this.ownVoice = { ssrc: randomInt(1, 2 ** 32 - 1), sourceName: voiceSourceName(parts.endpointId) };
  }

  /** The current bridge channel, open or not. */
  get bridgeChannel(): BridgeChannel | null {
    return this.channel;
  }

  /** How far the media connection is. A session without media has none, unless its channel needs one. */
  get mediaPhase(): MediaPhase {
    if (this.parts.media === 'none' || !this.offer) return 'none';
    return this.media?.phase ?? 'connecting';
  }

  /** The first UDP port on offer; null without one. */
  get mediaPort(): number | null {
    return this.offer?.transport?.candidates[0]?.port ?? null;
  }

  /** Handles a Jingle request of the focus `from`. Never throws. */
  take(jingle: Element, from: string): void {
    const action = attrOf(jingle, 'action');
    if (action === 'session-initiate') this.begin(readOffer(jingle), from);
    else if (attrOf(jingle, 'sid') === this.offer?.sessionId) this.follow(action, jingle);
  }

  /** Repeats `voice` from now on; null ends it. */
  speak(voice: OpusSource | null): void {
    this.voice = voice;
    this.media?.speak(voice);
  }

  /** Asks for a keyframe of every shared screen. */
  askForKeyframes(): void {
    this.media?.askForKeyframes();
  }

  /** Whether there is a session that the focus can be asked to replace, and it has not been asked yet. */
  get canRestart(): boolean {
    return this.offer !== null && !this.isReplaced;
  }

  /** Asks the focus for a fresh session now, and closes the channel of this one. */
  restartNow(): void {
    const { offer, channel } = this;
    if (!offer) return;
    this.isReplaced = true;
    channel?.close();
    if (channel) this.parts.channelEvents.onOpen(false);
    this.parts.ask(this.focusJid, restartRequest(offer)).catch((error: Error) => {
      this.parts.log.debug('no fresh session', { why: error.message });
      if (this.offer === offer) this.isReplaced = false;
    });
  }

  /** Ends everything at once. */
  close(): void {
    this.isClosed = true;
    this.end();
  }

  private follow(action: string, jingle: Element): void {
    switch (action) {
      case 'source-add':
        this.parts.voices.announce(readSources(jingle));
        return;
      case 'transport-info':
        this.addCandidates(jingle);
        return;
      case 'session-terminate':
        this.end();
        return;
      default:
      // `source-remove` needs nothing: a stream that has ended sends nothing more. Other actions do not concern a client.
    }
  }

  private addCandidates(jingle: Element): void {
    for (const content of jingle.getChildren('content')) {
      for (const candidate of content.getChild('transport')?.getChildren('candidate') ?? []) {
        const known = readCandidate(candidate);
        if (known) this.media?.addCandidate(known);
      }
    }
  }

  private begin(offer: JingleOffer | null, from: string): void {
    if (!offer) return;
    this.end();
    this.offer = offer;
    this.focusJid = from;
    this.parts.voices.announce(offer.sources);
    void this.accept(offer).catch((error: Error) => {
      this.parts.log.warn('session not accepted', { why: error.message });
      this.askForRestart(offer);
    });
  }

  private async accept(offer: JingleOffer): Promise<void> {
    if (offer.channelUrl) this.channel = new WebSocketChannel(offer.channelUrl, this.parts.channelEvents);
    const media = await this.openMedia(offer);
    if (this.offer !== offer || this.isClosed) {
      media?.close();
      return;
    }
    this.media = media;
    this.channel ??= media?.channel ?? null;
    await this.parts.ask(
      this.focusJid,
      sessionAccept(offer, {
        responder: this.parts.jid,
        transport: media?.local ?? inventTransport(),
        voice: this.parts.media === 'voice' ? this.ownVoice : null,
        hearsScreens: this.parts.hearScreen !== null,
      }),
    );
    media?.speak(this.voice);
  }

  /** Null if there is nothing to connect to. A bridge gives up an endpoint that makes it no connection (JVB after 147 s). */
  private async openMedia(offer: JingleOffer): Promise<MediaSession | null> {
    if (!offer.transport) return null;
    // werift is large, and where no media is offered nothing needs it.
    const { MediaSession } = await import('./media/mediaSession');
    return MediaSession.open({
      transport: offer.transport,
      sctpPort: offer.sctpPort,
      audio: this.parts.media === 'voice' ? offer.audio : null,
      video: this.parts.media === 'voice' ? offer.video : null,
      hasChannel: offer.channelUrl === null,
      ssrc: this.ownVoice.ssrc,
      voices: this.parts.voices,
      hearScreen: this.parts.hearScreen,
      channelEvents: this.parts.channelEvents,
      log: this.parts.log,
      onFailed: () => this.onMediaFailed(offer),
    });
  }

  /**
   * A connection that nothing goes over and that never came about is let go: another one would not come about either, and a
   * fresh session would cost the channel, which works without it.
   */
  private onMediaFailed(offer: JingleOffer): void {
    const isSpare = this.parts.media === 'none' && offer.channelUrl !== null;
    if (!isSpare || this.media?.wasConnected) this.askForRestart(offer);
    else this.parts.log.debug('no media connection; the bridge may give this endpoint up');
  }

  private askForRestart(offer: JingleOffer): void {
    if (this.isClosed || this.offer !== offer || this.restart) return;
    if (this.media?.wasConnected) this.restarts = 0;
    const pauseMs = Math.min(RESTART_PAUSE_MAX_MS, RESTART_PAUSE_MS * 2 ** this.restarts);
    this.restarts += 1;
    this.restart = setTimeout(() => {
      this.restart = null;
      if (this.isClosed || this.offer !== offer) return;
      this.parts.ask(this.focusJid, restartRequest(offer)).catch((error: Error) => {
        this.parts.log.debug('no fresh session', { why: error.message });
        this.askForRestart(offer);
      });
    }, pauseMs);
  }

  private end(): void {
    if (this.restart) clearTimeout(this.restart);
    this.restart = null;
    const { channel, media } = this;
    this.isReplaced = false;
    this.offer = null;
    this.channel = null;
    this.media = null;
    const wasOpen = channel?.isOpen ?? false;
    channel?.close();
    media?.close();
    if (wasOpen && !this.isClosed) this.parts.channelEvents.onOpen(false);
  }
}
