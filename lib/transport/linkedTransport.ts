import { type Clock, systemClock } from '@/lib/core/clock';
import { Emitter } from '@/lib/core/emitter';
import { type Log, silentLog } from '@/lib/core/log';
import { unwrapPacket } from './bridgeMessage';
import { ChannelLiveness, LIVENESS_TICK_MS } from './channelLiveness';
import { ChannelRemedies } from './channelRemedies';
import { ChannelWatch } from './channelWatch';
import { type Attempt, Entrance } from './entrance';
import type { JitsiPass, Link, LinkEvents } from './link';
import { type MediaPath, MediaPathWatch } from './mediaPath';
import {
  type Endpoint,
  lost,
  PACKET_ENVELOPE_MAX_BYTES,
  RemoteEndpoints,
  type SendOutcome,
  type Transport,
  type TransportError,
  type TransportEvents,
  type TransportState,
} from './transport';

export interface LinkedTransportOptions {
  /** Fetches a fresh pass: called at the start and before every attempt to reconnect. */
  fetchPass(): Promise<JitsiPass>;
  readonly clock?: Clock;
  readonly log?: Log;
}

/** How a dead bridge channel is noticed: by missing echoes, or, if the bridge returns none, only when it closes. */
type ChannelCheck = 'echo' | 'none';

/** The payload of an echo request. Only the local endpoint ever receives it. */
const ECHO = { parleyEcho: 1 };

/**
 * A transport that enters its conference again over a fresh link whenever the current one is down for good or its bridge
 * channel has died. Subclasses create the links, for the browser and for Node.
 */
export abstract class LinkedTransport implements Transport {
  readonly events = new Emitter<TransportEvents>();
  protected link: Link | null = null;
  protected readonly log: Log;
  private readonly remotes = new RemoteEndpoints(this.events);
  private readonly incoming = new Uint8Array(PACKET_ENVELOPE_MAX_BYTES);
  private readonly clock: Clock;
  private readonly liveness: ChannelLiveness;
  private readonly remedies: ChannelRemedies;
  private readonly entrance: Entrance;
  private current: TransportState = 'idle';
  private watch: ChannelWatch | null = null;
  private watchTimer: ReturnType<typeof setInterval> | null = null;
  private unopenedLinks = 0;
  private isHidden = false;
  private hasChannel = false;
  private downlink: number | null = null;
  private readonly mediaWatch = new MediaPathWatch();
  private mediaPort: number | null = null;

  constructor(private readonly options: LinkedTransportOptions) {
    this.clock = options.clock ?? systemClock;
    this.log = options.log ?? silentLog;
    this.liveness = new ChannelLiveness(this.clock);
    this.remedies = new ChannelRemedies(this.clock);
    this.entrance = new Entrance(
      {
        enter: (attempt) => this.openLink(attempt),
        onFailedAttempt: (error) => this.onFailedAttempt(error),
        onGivenUp: (error) => this.enter('failed', error),
      },
      this.clock,
    );
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

  /** How a dead bridge channel would be noticed now. */
  get channelCheck(): ChannelCheck {
    return this.liveness.isJudging ? 'echo' : 'none';
  }

  async connect(): Promise<void> {
    if (this.current !== 'idle') throw new Error('A transport connects once.');
    this.enter('connecting');
    try {
      await this.entrance.first();
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
    this.watch?.wake();
    if (this.current === 'reconnecting') this.entrance.wake();
  }

  async disconnect(): Promise<void> {
    this.entrance.stop(lost());
    if (!this.hasEnded()) this.enter('closed');
    await this.dropLink();
  }

  /** Creates a link that is not yet open. @throws TransportError */
  protected abstract createLink(pass: JitsiPass, events: LinkEvents): Promise<Link>;

  private onFailedAttempt(error: unknown): void {
    this.log.debug('attempt failed', { error: String(error) });
    void this.dropLink();
  }

  private async openLink(attempt: Attempt): Promise<void> {
    const pass = await this.options.fetchPass();
    if (attempt.isOver) return;
    const owner: { link: Link | null } = { link: null };
    const link = await this.createLink(pass, this.eventsOf(owner));
    owner.link = link;
    if (attempt.isOver) return void link.close();
    this.link = link;
    this.startWatch(link);
    await link.open();
    if (this.link === link) this.onEntered(link);
  }

  /** The events of the link in `owner`, which count only while it is the current one. */
  private eventsOf(owner: { readonly link: Link | null }): LinkEvents {
    const isCurrent = () => this.link !== null && this.link === owner.link;
    return {
      onJoined: (endpoint) => isCurrent() && this.remotes.greet(endpoint),
      onLeft: (endpointId) => isCurrent() && this.remotes.forget(endpointId),
      onHidden: (endpointId, isHidden) => isCurrent() && this.remotes.noteHidden(endpointId, isHidden),
      onUnheard: (endpointId, isUnheard) => isCurrent() && this.remotes.noteUnheard(endpointId, isUnheard),
      onMessage: (endpointId, payload) => isCurrent() && this.receive(endpointId, payload),
      onChannel: (isOpen) => isCurrent() && this.onChannel(isOpen),
      onDownlink: (downlinkBps) => {
        if (isCurrent()) this.downlink = downlinkBps;
      },
      onSignalling: (isUp) => isCurrent() && this.watch?.signalling(isUp),
      onDown: (error) => isCurrent() && this.reconnect(error),
    };
  }

  private startWatch(link: Link): void {
    const owner = {
      echo: () => void link.echo(ECHO),
      reopensChannel: () => link.reopensChannel,
      canRestart: () => link.canRestart,
      restart: () => this.restartSession(link),
      isAlone: () => this.remotes.endpoints.size === 0,
      onTrouble: () => this.onChannelTrouble(),
      onSpeaks: () => this.onChannelSpeaks(),
      onDead: () => this.link === link && this.onChannelDead(),
    };
    this.watch = new ChannelWatch(owner, this.liveness, this.remedies, this.clock, this.unopenedLinks);
  }

  private onEntered(link: Link): void {
    this.watchTimer = setInterval(() => this.tick(link), LIVENESS_TICK_MS);
    if (this.isHidden) link.setHidden(true);
    if (this.mediaWatch.current === 'blocked') link.setUnheard(true);
    const nothingToWaitFor = this.remotes.endpoints.size === 0 || this.watch?.speaks;
    if (this.current === 'connecting' || nothingToWaitFor) this.goLive();
  }

  private tick(link: Link): void {
    this.watch?.tick();
    if (this.link === link) this.lookAtMedia(link);
  }

  private lookAtMedia(link: Link | null): void {
    const hasChanged = this.mediaWatch.look(link?.mediaPhase ?? 'none', this.clock.nowMs());
    this.mediaPort = link?.mediaPort ?? this.mediaPort;
    if (!hasChanged) return;
    const path = this.mediaPath;
    this.log.info(`media ${path.state}`, { udpPort: path.udpPort });
    link?.setUnheard(path.state === 'blocked');
    this.events.emit('media', path);
  }

  private goLive(): void {
    this.entrance.arrived();
    this.enter('live');
  }

  private onChannel(isOpen: boolean): void {
    this.watch?.channel(isOpen);
    // The watch may have dropped the link.
    if (this.link) this.setChannelOpen(isOpen);
  }

  private setChannelOpen(isOpen: boolean): void {
    if (isOpen === this.hasChannel) return;
    this.hasChannel = isOpen;
    this.downlink = null;
    this.log.debug(isOpen ? 'bridge channel open' : 'bridge channel closed');
    this.events.emit('channel', { isOpen });
  }

  private restartSession(link: Link): void {
    this.log.warn('bridge channel silent: asks for a fresh session');
    link.restart();
  }

  private onChannelTrouble(): void {
    if (this.current === 'live') this.enter('reconnecting', lost());
  }

  private onChannelSpeaks(): void {
    this.unopenedLinks = 0;
    // Before the conference is joined, the transport cannot be live.
    if (this.watchTimer && this.current === 'reconnecting') this.goLive();
  }

  private onChannelDead(): void {
    this.log.warn('bridge channel dead', { hasOpened: this.watch?.hasOpened });
    if (!this.watch?.hasOpened) this.unopenedLinks += 1;
    this.reconnect(lost());
  }

  private reconnect(cause: TransportError): void {
    if (this.entrance.callOff(cause)) return;
    // The link is still inside the callback that reported this, so it is closed only afterwards.
    void this.dropLink();
    this.entrance.reconnect(cause);
    // Last: a listener may disconnect at once, and nothing may reconnect after that.
    if (!this.hasEnded()) this.enter('reconnecting', cause);
  }

  /** Drops the current link and forgets its endpoints. Callers need not wait until it has closed. */
  private dropLink(): Promise<void> {
    const link = this.link;
    this.link = null;
    this.watch = null;
    if (this.watchTimer) clearInterval(this.watchTimer);
    this.watchTimer = null;
    this.setChannelOpen(false);
    this.remotes.forgetAll();
    this.lookAtMedia(null);
    return Promise.resolve().then(() => link?.close());
  }

  private receive(endpointId: string, payload: unknown): void {
    this.watch?.heard(endpointId === this.link?.endpointId);
    const from = this.remotes.endpoints.get(endpointId);
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
