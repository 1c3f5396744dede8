import { type Log, silentLog } from '@/lib/core/log';
import type { JitsiPass } from '../jitsiPass';
import type { Link, LinkEvents } from '../link';
import { LinkedTransport, type LinkedTransportOptions } from '../linkedTransport';
import type { ChannelKind } from './channel/bridgeChannel';
import { HeadlessLink } from './headlessLink';
import type { OpusSource } from './voice/opusSource';
import { VoiceBook } from './voice/voiceBook';
import type { VoiceStats } from './voice/voiceStats';

export interface HeadlessOptions extends LinkedTransportOptions {
  /** `none` (default): no media connection where the bridge channel does without one, as a WebSocket does. */
  readonly media?: 'none' | 'voice';
  readonly log?: Log;
}

/** A transport over the conference of a Jitsi deployment, embedded or real, in Node without a browser. */
export class HeadlessTransport extends LinkedTransport {
  private readonly voices = new VoiceBook();
  private readonly media: 'none' | 'voice';
  private readonly log: Log;
  private voice: OpusSource | null = null;

  constructor(options: HeadlessOptions) {
    super(options);
    this.media = options.media ?? 'none';
    this.log = options.log ?? silentLog;
  }

  /** How the bridge channel runs now; null where there is none. */
  get channelKind(): ChannelKind | null {
    return this.headlessLink?.channelKind ?? null;
  }

  /** Figures of the voices that come in, by endpoint id. */
  voiceStats(): ReadonlyMap<string, VoiceStats> {
    return this.voices.stats();
  }

  /** Sends `voice` in real time, over and over, now and after every reconnection; null stops. Needs `media: 'voice'`. */
  speak(voice: OpusSource | null): void {
    this.voice = voice;
    this.headlessLink?.speak(voice);
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
    const { media, voices, log } = this;
    const link = new HeadlessLink(pass, events, { media, voices, log });
    link.speak(this.voice);
    return link;
  }

  private get headlessLink(): HeadlessLink | null {
    return this.link as HeadlessLink | null;
  }
}
