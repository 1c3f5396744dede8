import { type Clock, systemClock } from '@/lib/core/clock';
import type { DeploymentFault } from '@/lib/core/deploymentFault';
import { Emitter } from '@/lib/core/emitter';
import { type Log, silentLog } from '@/lib/core/log';
import { unwrapPacket } from './bridgeMessage';
import { LIVENESS_TICK_MS } from './channelLiveness';
import { ChannelRemedies } from './channelRemedies';
import { EndpointIdentities } from './endpointIdentities';
import { HeldLink } from './heldLink';
import type { JitsiPass, Link, LinkEvents } from './link';
import { LinkSuccession } from './linkSuccession';
import { type MediaPath, MediaPathWatch } from './mediaPath';
import { ProvenEndpoints } from './provenEndpoints';
import {
  type Endpoint,
  lost,
  PACKET_ENVELOPE_MAX_BYTES,
  type RemoteEndpoints,
  type SendOutcome,
  type Transport,
  TransportError,
  type TransportEvents,
  type TransportState,
  type TransportTrouble,
} from './transport';
import { TroubleWatch } from './troubleWatch';

export interface LinkedTransportOptions {
  /** Fetches a fresh pass: called at the start and before every attempt to reconnect. */
  fetchPass(): Promise<JitsiPass>;
  /** Who is behind which endpoint; by default what presence says, where the deployment enforces that. */
  readonly identities?: EndpointIdentities;
  readonly clock?: Clock;
  readonly log?: Log;
}

/** How a dead bridge channel is noticed: by missing echoes, or, if the bridge returns none, only when it closes. */
type ChannelCheck = 'echo' | 'none';

/**
 * A transport that enters its conference again over a fresh link whenever the current one is down for good or its bridge
 * channel has died. Subclasses create the links, for the browser and for Node.
 */
export abstract class LinkedTransport implements Transport {
  readonly events = new Emitter<TransportEvents>();
  protected readonly log: Log;
  private readonly remotes: ProvenEndpoints;
  private readonly incoming = new Uint8Array(PACKET_ENVELOPE_MAX_BYTES);
  private readonly clock: Clock;
  private readonly remedies: ChannelRemedies;
  private readonly succession: LinkSuccession;
  private readonly identities: EndpointIdentities;
  private current: TransportState = 'idle';
  /** The last link that was used. */
  private lastUsed: HeldLink | null = null;
  private watchTimer: ReturnType<typeof setInterval> | null = null;
  private unopenedLinks = 0;
  private isHidden = false;
  private hasChannel = false;
  private downlink: number | null = null;
  private readonly faultsTold = new Set<DeploymentFault>();
  private readonly troubles: TroubleWatch;
  private readonly mediaWatch: MediaPathWatch;
  private mediaPort: number | null = null;

  constructor(private readonly options: LinkedTransportOptions) {
    this.clock = options.clock ?? systemClock;
    this.log = options.log ?? silentLog;
    this.troubles = new TroubleWatch(this.events, this.log);
    this.remedies = new ChannelRemedies(this.clock);
    this.mediaWatch = new MediaPathWatch(this.clock);
    this.identities = options.identities ?? new EndpointIdentities();
    this.remotes = new ProvenEndpoints(this.events, this.identities);
    this.identities.bind({
      tell: (endpointId, payload) => void this.link?.tell(endpointId, payload),
      onPerson: (endpointId, personId) => this.remotes.identify(endpointId, personId),
      onSuperseded: (endpointId, isSuperseded) => this.remotes.supersede(endpointId, isSuperseded),
    });
    const owner = {
      fetchPass: () => this.options.fetchPass(),
      hold: () => this.hold(),
      createLink: (pass: JitsiPass, held: HeldLink) => {
        held.isIdentityEnforced = pass.coordinates.identity === 'enforced';
        return this.createLink(pass, this.eventsOf(held));
      },
      onTaken: (held: HeldLink) => this.onTaken(held),
      onEntered: (held: HeldLink, link: Link) => this.onEntered(held, link),
      onDropped: () => this.onDropped(),
      onFailedAttempt: (error: unknown) => this.noteRefusal(error),
      onGivenUp: (error: TransportError) => this.enter('failed', error),
    };
    this.succession = new LinkSuccession(owner, this.clock, this.log);
  }

  get state(): TransportState {
    return this.current;
  }

  get endpointId(): string {
    return this.link?.endpointId ?? '';
  }

  get isChannelOpen(): boolean {
    return this.hasChannel;
  }

  get backlogBytes(): number | null {
    return this.hasChannel ? (this.link?.backlogBytes ?? null) : null;
  }

  get downlinkBps(): number | null {
    return this.downlink;
  }

  get endpoints(): ReadonlyMap<string, Endpoint> {
    return this.remotes.endpoints;
  }

  get hidden(): ReadonlySet<string> {
    return this.remotes.hidden;
  }

  get unheard(): ReadonlySet<string> {
    return this.remotes.unheard;
  }

  get mediaPath(): MediaPath {
    return { state: this.mediaWatch.current, udpPort: this.mediaPort };
  }

  get trouble(): TransportTrouble {
    return this.troubles.current;
  }

  /** How a dead bridge channel would be noticed now. */
  get channelCheck(): ChannelCheck {
    return this.lastUsed?.doEchoesWork ? 'echo' : 'none';
  }

  async connect(): Promise<void> {
    if (this.current !== 'idle') throw new Error('A transport connects once.');
    this.enter('connecting');
    try {
      await this.succession.first();
    } catch (error) {
      if (!this.hasEnded()) this.enter('failed', error as TransportError);
      throw error;
    }
  }

  broadcast(bytes: Uint8Array, sizeBytes: number): SendOutcome {
    if (sizeBytes > PACKET_ENVELOPE_MAX_BYTES) return 'tooLarge';
    return this.link?.broadcast(bytes, sizeBytes) ?? 'notOpen';
  }

  sendTo(endpointId: string, bytes: Uint8Array, sizeBytes: number): SendOutcome {
    if (sizeBytes > PACKET_ENVELOPE_MAX_BYTES) return 'tooLarge';
    if (!this.link || !this.remotes.endpoints.has(endpointId)) return 'notOpen';
    return this.link.sendTo(endpointId, bytes, sizeBytes);
  }

  setHidden(isHidden: boolean): void {
    this.isHidden = isHidden;
    this.link?.setHidden(isHidden);
  }

  wake(): void {
    this.succession.current?.watch.wake();
    if (this.current !== 'connecting') this.succession.wake();
  }

  async disconnect(): Promise<void> {
    if (!this.hasEnded()) this.enter('closed');
    await this.succession.stop();
  }

  /** The link that is used; null without one. */
  protected get link(): Link | null {
    return this.succession.current?.link ?? null;
  }

  /** Creates a link that is not yet open. @throws TransportError */
  protected abstract createLink(pass: JitsiPass, events: LinkEvents): Promise<Link>;

  /** See {@link TransportEvents.fault}. */
  protected tellFault(fault: DeploymentFault, said: string): void {
    if (this.faultsTold.has(fault)) return;
    this.faultsTold.add(fault);
    this.events.emit('fault', { fault, said });
  }

  private hold(): HeldLink {
    const owner = {
      isAlone: (held: HeldLink) => this.remotesOf(held).endpoints.size === 0,
      isBridgeAway: () => this.troubles.isBridgeAway,
      onRestart: () => this.log.warn('bridge channel silent: asks for a fresh session'),
      onTrouble: (held: HeldLink) => this.isUsed(held) && this.current === 'live' && this.enter('reconnecting', lost()),
      onSpeaks: (held: HeldLink) => this.onChannelSpeaks(held),
      onDead: (held: HeldLink) => this.onChannelDead(held),
    };
    return new HeldLink(owner, {
      clock: this.clock,
      remedies: this.remedies,
      doEchoesWork: this.lastUsed?.doEchoesWork ?? false,
      unopenedLinks: this.troubles.isBridgeAway ? 0 : this.unopenedLinks,
    });
  }

  private isUsed(held: HeldLink): boolean {
    return held === this.succession.current;
  }

  private remotesOf(held: HeldLink): RemoteEndpoints {
    return this.isUsed(held) ? this.remotes : held.remotes;
  }

  /** The events of a link, which count only while it is used or to be used. */
  private eventsOf(held: HeldLink): LinkEvents {
    const isKnown = () => this.succession.isKnown(held);
    return {
      onJoined: (endpoint) => isKnown() && this.remotesOf(held).greet(endpoint),
      onLeft: (endpointId) => isKnown() && this.remotesOf(held).forget(endpointId),
      onOccupant: (endpointId, occupantId) => isKnown() && this.identities.noteOccupant(endpointId, occupantId),
      onHidden: (endpointId, isHidden) => isKnown() && this.remotesOf(held).noteHidden(endpointId, isHidden),
      onUnheard: (endpointId, isUnheard) => isKnown() && this.remotesOf(held).noteUnheard(endpointId, isUnheard),
      onMessage: (endpointId, payload) => {
        held.heard(endpointId);
        if (this.isUsed(held)) this.receive(endpointId, payload);
      },
      onChannel: (isOpen) => isKnown() && this.onChannel(held, isOpen),
      onDownlink: (downlinkBps) => {
        if (this.isUsed(held)) this.downlink = downlinkBps;
      },
      onSignalling: (isUp) => isKnown() && this.onSignalling(held, isUp),
      onBridgeAway: (isAway) => isKnown() && this.onBridgeAway(held, isAway),
      onOwner: (endpointId) => isKnown() && this.onOwner(endpointId),
      onDown: (error) => isKnown() && this.onDown(held, error),
    };
  }

  /** A link is used from now on, perhaps in place of another. */
  private onTaken(held: HeldLink): void {
    this.lastUsed = held;
    // Receivers and the bridge know the link by another endpoint, so its channel is another one.
    this.setChannelOpen(false);
    this.remotes.takeOver(held.remotes, held.isIdentityEnforced);
    this.setChannelOpen(held.isChannelOpen);
  }

  private onEntered(held: HeldLink, link: Link): void {
    this.identities.enter(link);
    this.watchTimer ??= setInterval(() => this.tick(), LIVENESS_TICK_MS);
    if (this.isHidden) link.setHidden(true);
    if (this.mediaWatch.current === 'blocked') link.setUnheard(true);
    this.noteTrouble();
    if (this.current === 'connecting' || this.worksOver(held)) this.goLive();
  }

  /** The link that was used is gone, and none is used. */
  private onDropped(): void {
    if (this.watchTimer) clearInterval(this.watchTimer);
    this.watchTimer = null;
    this.setChannelOpen(false);
    this.remotes.forgetAll();
    this.lookAtMedia(null);
    this.noteTrouble();
  }

  private tick(): void {
    this.succession.tick();
    const held = this.succession.current;
    if (!held) return;
    this.identities.tick();
    // Without others, a focus needs no bridge.
    if (this.remotes.endpoints.size === 0) this.troubles.noteBridge(false);
    this.noteTrouble();
    if (held.signalling.isGivenUp) this.succession.replace();
    this.lookAtMedia(held.link);
  }

  private lookAtMedia(link: Link | null): void {
    const hasChanged = this.mediaWatch.look(link?.mediaPhase ?? 'none');
    this.mediaPort = link?.mediaPort ?? this.mediaPort;
    if (!hasChanged) return;
    const path = this.mediaPath;
    this.log.info('media path', { state: path.state, udpPort: path.udpPort });
    link?.setUnheard(path.state === 'blocked');
    this.events.emit('media', path);
  }

  /** Whether a link carries what it should: packets, or nothing while no one else is here. */
  private worksOver(held: HeldLink): boolean {
    return held.isIn && (this.remotes.endpoints.size === 0 || held.watch.speaks);
  }

  private goLive(): void {
    this.succession.arrived();
    this.enter('live');
  }

  private onChannel(held: HeldLink, isOpen: boolean): void {
    held.channel(isOpen);
    // The watch may have dropped the link.
    if (this.isUsed(held)) this.setChannelOpen(isOpen);
  }

  private setChannelOpen(isOpen: boolean): void {
    if (isOpen === this.hasChannel) return;
    this.hasChannel = isOpen;
    this.downlink = null;
    this.log.debug(isOpen ? 'bridge channel open' : 'bridge channel closed');
    this.identities.setChannelOpen(isOpen);
    this.events.emit('channel', { isOpen });
  }

  private onChannelSpeaks(held: HeldLink): void {
    this.succession.takeOver(held);
    if (!this.isUsed(held)) return;
    this.unopenedLinks = 0;
    this.troubles.noteBridge(false);
    this.noteTrouble();
    // Before the conference is joined, the transport cannot be live.
    if (held.isIn && this.current === 'reconnecting') this.goLive();
  }

  private onChannelDead(held: HeldLink): void {
    if (!this.succession.isKnown(held)) return;
    this.log.warn('bridge channel dead', { hasOpened: held.watch.hasOpened });
    if (!held.watch.hasOpened) this.unopenedLinks += 1;
    this.lose(held, lost());
  }

  private onSignalling(held: HeldLink, isUp: boolean): void {
    held.setSignalling(isUp);
    if (this.isUsed(held)) {
      if (isUp) this.succession.keep();
      this.noteTrouble();
    } else if (!isUp && this.succession.isKnown(held)) {
      this.lose(held, lost());
    }
  }

  private onBridgeAway(held: HeldLink, isAway: boolean): void {
    this.troubles.noteBridge(isAway);
    if (isAway) held.watch.expectNoBridge();
    this.noteTrouble();
  }

  private onOwner(endpointId: string): void {
    if (this.faultsTold.has('owner')) return;
    this.log.warn('an occupant besides the focus owns the room and can take others out of it', { endpointId });
    this.tellFault('owner', '');
  }

  private noteRefusal(error: unknown): void {
    if (error instanceof TransportError && error.refusal) this.tellFault(error.refusal, error.detail);
  }

  private onDown(held: HeldLink, error: TransportError): void {
    this.noteRefusal(error);
    const mayServeOn = this.isUsed(held) && held.isIn && held.watch.speaks && error.reason === 'lost';
    if (!mayServeOn) {
      this.lose(held, error);
      return;
    }
    held.end();
    this.noteTrouble();
    this.succession.replace();
  }

  private lose(held: HeldLink, cause: TransportError): void {
    const wasUsed = this.isUsed(held);
    this.succession.lose(held, cause, this.troubles.isBridgeAway);
    // Last: a listener may disconnect at once, and nothing may reconnect after that.
    const next = this.succession.current;
    if (wasUsed && this.current === 'live' && !(next && this.worksOver(next))) this.enter('reconnecting', cause);
  }

  private noteTrouble(): void {
    this.troubles.look(this.succession.current?.signalling.isMissed ?? false);
  }

  private receive(endpointId: string, payload: unknown): void {
    if (endpointId === this.endpointId || this.identities.hear(endpointId, payload)) return;
    const from = this.remotes.senderOf(endpointId);
    if (!from) return;
    const sizeBytes = unwrapPacket(payload, this.incoming);
    if (sizeBytes > 0) this.events.emit('packet', { from, bytes: this.incoming.subarray(0, sizeBytes) });
  }

  private hasEnded(): boolean {
    return this.current === 'closed' || this.current === 'failed';
  }

  private enter(state: TransportState, error?: TransportError): void {
    if (state === this.current) return;
    this.current = state;
    this.log.debug('transport state', { state, reason: error?.reason });
    this.events.emit('state', { state, error });
  }
}
