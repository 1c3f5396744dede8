import type { Clock } from '@/lib/core/clock';
import { Emitter } from '@/lib/core/emitter';
import { ChannelLiveness } from './channelLiveness';
import type { ChannelRemedies } from './channelRemedies';
import { ChannelWatch } from './channelWatch';
import type { Link } from './link';
import { SignallingWatch } from './signallingWatch';
import { RemoteEndpoints } from './transport';

/** The payload of an echo request. Only the local endpoint ever receives it. */
const ECHO = { parleyEcho: 1 };

/** What a held link needs to know about its transport, and what it reports. */
interface HeldLinkOwner {
  /** Whether no other endpoint is in its conference. */
  isAlone(held: HeldLink): boolean;
  /** Whether the focus has no bridge, so that it need not be asked for a session. */
  isBridgeAway(): boolean;
  /** Its channel is silent, and a fresh session is about to be asked for. */
  onRestart(held: HeldLink): void;
  /** See {@link ChannelWatch}. */
  onTrouble(held: HeldLink): void;
  onSpeaks(held: HeldLink): void;
  onDead(held: HeldLink): void;
}

interface HeldLinkParts {
  readonly clock: Clock;
  readonly remedies: ChannelRemedies;
  /** Whether echoes came back over the link before. */
  readonly doEchoesWork: boolean;
  /** How many links in a row before this one never opened their channel. */
  readonly unopenedLinks: number;
}

/** A link as its transport holds it: what it has reported, and whether its channel and its XMPP connection work. */
export class HeldLink {
  /** Null until it has been created. */
  link: Link | null = null;
  /** Whether it has joined the conference. */
  isIn = false;
  isChannelOpen = false;
  /** Whether its deployment itself writes who is who into presence. */
  isIdentityEnforced = false;
  /** Who is in its conference, as long as the transport uses another link. */
  readonly remotes = new RemoteEndpoints(new Emitter());
  readonly signalling: SignallingWatch;
  readonly watch: ChannelWatch;
  private readonly liveness: ChannelLiveness;

  constructor(owner: HeldLinkOwner, { clock, remedies, doEchoesWork, unopenedLinks }: HeldLinkParts) {
    this.signalling = new SignallingWatch(clock);
    this.liveness = new ChannelLiveness(clock, doEchoesWork);
    const watched = {
      echo: () => void this.link?.tell(this.link.endpointId, ECHO),
      reopensChannel: () => this.link?.reopensChannel ?? false,
      canRestart: () => !owner.isBridgeAway() && (this.link?.canRestart ?? false),
      restart: () => {
        owner.onRestart(this);
        this.link?.restart();
      },
      isAlone: () => owner.isAlone(this),
      onTrouble: () => owner.onTrouble(this),
      onSpeaks: () => owner.onSpeaks(this),
      onDead: () => owner.onDead(this),
    };
    this.watch = new ChannelWatch(watched, this.liveness, remedies, clock, unopenedLinks);
  }

  /** Whether echoes come back, so that silence is evidence. */
  get doEchoesWork(): boolean {
    return this.liveness.isJudging;
  }

  channel(isOpen: boolean): void {
    this.isChannelOpen = isOpen;
    this.watch.channel(isOpen);
  }

  /** The XMPP connection is cut, or back. */
  setSignalling(isUp: boolean): void {
    this.signalling.signalling(isUp);
    this.watch.signalling(isUp);
  }

  /** The link is down for good, though its channel may carry packets for a while. */
  end(): void {
    this.signalling.end();
    this.watch.signalling(false);
  }

  /** A message has come over the channel. */
  heard(endpointId: string): void {
    this.watch.heard(endpointId === this.link?.endpointId);
  }

  /** To be called several times a second. */
  tick(): void {
    if (!this.isIn) return;
    this.signalling.tick();
    this.watch.tick();
  }
}
