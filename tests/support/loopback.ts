import type { Clock } from '@/lib/core/clock';
import { Emitter } from '@/lib/core/emitter';
import type { MediaPath, MediaState } from '@/lib/transport/mediaPath';
import {
  type Endpoint,
  PACKET_ENVELOPE_MAX_BYTES,
  RemoteEndpoints,
  type SendOutcome,
  type Transport,
  TransportError,
  type TransportEvents,
  type TransportState,
  type TransportTrouble,
} from '@/lib/transport/transport';

/** What a loopback conference does to packets. By default nothing: they arrive during `broadcast`. */
export interface LoopbackNetwork {
  readonly clock: Clock;
  /** Milliseconds that the next packet takes; it waits until `deliverDue` is called at or after that time. */
  delayMs(): number;
  /** Whether the next packet is lost. */
  isLost(): boolean;
}

interface Parcel {
  readonly dueMs: number;
  readonly from: Endpoint;
  readonly to: LoopbackTransport;
  readonly bytes: Uint8Array;
}

/** A conference within one process: every endpoint hears every other. */
export class LoopbackConference {
  private readonly members = new Set<LoopbackTransport>();
  private waiting: Parcel[] = [];
  private nextEndpoint = 1;

  constructor(private readonly network: LoopbackNetwork | null = null) {}

  /** A new endpoint, not yet connected, of the person who is known to be behind it; null for none. */
  createEndpoint(personId: string | null): LoopbackTransport {
    const endpointId = `loopback-${this.nextEndpoint}`;
    this.nextEndpoint += 1;
    return new LoopbackTransport(this, { endpointId, personId });
  }

  /** Delivers the packets whose delay is over, in the order in which they are due. */
  deliverDue(): void {
    const nowMs = this.network?.clock.nowMs() ?? Number.POSITIVE_INFINITY;
    const due = this.waiting.filter((parcel) => parcel.dueMs <= nowMs).sort((a, b) => a.dueMs - b.dueMs);
    this.waiting = this.waiting.filter((parcel) => parcel.dueMs > nowMs);
    for (const parcel of due) parcel.to.receive(parcel.from, parcel.bytes);
  }

  /** Lets a member in: it meets the others, and they meet it. */
  admit(member: LoopbackTransport): void {
    for (const other of this.members) {
      other.meet(member.self, false);
      member.meet(other.self, other.isPageHidden);
      if (other.mediaPath.state === 'blocked') member.noteUnheard(other.self, true);
    }
    this.members.add(member);
  }

  /** Lets a member go and tells the others. */
  release(member: LoopbackTransport): void {
    if (!this.members.delete(member)) return;
    for (const other of this.members) other.part(member.self);
  }

  /** Tells the other members whether the page of `member` is hidden. */
  spreadHidden(member: LoopbackTransport, isHidden: boolean): void {
    for (const other of this.members) if (other !== member) other.noteHidden(member.self, isHidden);
  }

  /** Tells the other members whether `member` is unheard. */
  spreadUnheard(member: LoopbackTransport, isUnheard: boolean): void {
    for (const other of this.members) if (other !== member) other.noteUnheard(member.self, isUnheard);
  }

  /** Carries a packet to every member but its sender, or to one of them. */
  carry(from: LoopbackTransport, bytes: Uint8Array, toEndpointId: string | null = null): void {
    for (const to of this.members) {
      const isMeant = toEndpointId === null ? to !== from : to.self.endpointId === toEndpointId;
      if (isMeant) this.send(from.self, to, bytes.slice());
    }
  }

  private send(from: Endpoint, to: LoopbackTransport, bytes: Uint8Array): void {
    if (!this.network) to.receive(from, bytes);
    else if (!this.network.isLost()) {
      this.waiting.push({ dueMs: this.network.clock.nowMs() + this.network.delayMs(), from, to, bytes });
    }
  }
}

/** One endpoint of a {@link LoopbackConference}. */
export class LoopbackTransport implements Transport {
  readonly events = new Emitter<TransportEvents>();
  private readonly remotes = new RemoteEndpoints(this.events);
  private currentState: TransportState = 'idle';
  private isHidden = false;
  private isPathOpen = true;
  private hasChannel = false;
  private mediaState: MediaState = 'connecting';
  readonly trouble: TransportTrouble = 'none';

  constructor(
    private readonly conference: LoopbackConference,
    /** How the others see this endpoint. */
    readonly self: Endpoint,
  ) {}

  get state(): TransportState {
    return this.currentState;
  }

  get endpointId(): string {
    return this.currentState === 'live' ? this.self.endpointId : '';
  }

  get isChannelOpen(): boolean {
    return this.hasChannel;
  }

  /** Nothing ever waits to be sent. */
  get backlogBytes(): number | null {
    return this.hasChannel ? 0 : null;
  }

  /** A loopback measures nothing. */
  get downlinkBps(): number | null {
    return null;
  }

  get endpoints(): ReadonlyMap<string, Endpoint> {
    return this.remotes.endpoints;
  }

  /** Whether this endpoint's page is hidden. */
  get isPageHidden(): boolean {
    return this.isHidden;
  }

  get hidden(): ReadonlySet<string> {
    return this.remotes.hidden;
  }

  get unheard(): ReadonlySet<string> {
    return this.remotes.unheard;
  }

  get mediaPath(): MediaPath {
    return { state: this.mediaState, udpPort: null };
  }

  /** Whether media comes through, which a loopback does not carry itself. */
  setMedia(state: MediaState): void {
    if (state === this.mediaState) return;
    this.mediaState = state;
    if (this.currentState === 'live') this.conference.spreadUnheard(this, state === 'blocked');
    this.events.emit('media', this.mediaPath);
  }

  async connect(): Promise<void> {
    if (this.currentState !== 'idle')
      throw new TransportError('notAllowed', 'An endpoint connects once; make a new one.');
    this.enter('connecting');
    this.conference.admit(this);
    this.enter('live');
    if (this.isHidden) this.conference.spreadHidden(this, true);
    if (this.mediaState === 'blocked') this.conference.spreadUnheard(this, true);
    this.noteChannel();
  }

  /** Closes or opens the channel, like a bridge channel that opens after its conference, or is lost and comes back. */
  setChannelOpen(isOpen: boolean): void {
    this.isPathOpen = isOpen;
    this.noteChannel();
  }

  broadcast(bytes: Uint8Array, sizeBytes: number): SendOutcome {
    return this.send(bytes, sizeBytes, null);
  }

  sendTo(endpointId: string, bytes: Uint8Array, sizeBytes: number): SendOutcome {
    return this.endpoints.has(endpointId) ? this.send(bytes, sizeBytes, endpointId) : 'notOpen';
  }

  setHidden(isHidden: boolean): void {
    this.isHidden = isHidden;
    if (this.currentState === 'live') this.conference.spreadHidden(this, isHidden);
  }

  /** Nothing to do: a loopback never sleeps. */
  wake(): void {}

  async disconnect(): Promise<void> {
    if (this.currentState === 'closed') return;
    this.conference.release(this);
    this.enter('closed');
    this.noteChannel();
    this.remotes.forgetAll();
    this.events.clear();
  }

  /** Called by the conference: another endpoint is there. */
  meet(endpoint: Endpoint, isHidden: boolean): void {
    this.remotes.greet(endpoint);
    this.remotes.noteHidden(endpoint.endpointId, isHidden);
  }

  /** Called by the conference: an endpoint's page has been hidden, or shown again. */
  noteHidden({ endpointId }: Endpoint, isHidden: boolean): void {
    this.remotes.noteHidden(endpointId, isHidden);
  }

  /** Called by the conference: an endpoint says whether it is unheard. */
  noteUnheard({ endpointId }: Endpoint, isUnheard: boolean): void {
    this.remotes.noteUnheard(endpointId, isUnheard);
  }

  /** Called by the conference: an endpoint has left. */
  part({ endpointId }: Endpoint): void {
    this.remotes.forget(endpointId);
  }

  /** Called by the conference: a packet has arrived. */
  receive(from: Endpoint, bytes: Uint8Array): void {
    if (this.hasChannel) this.events.emit('packet', { from, bytes });
  }

  private send(bytes: Uint8Array, sizeBytes: number, toEndpointId: string | null): SendOutcome {
    if (!this.hasChannel) return 'notOpen';
    if (sizeBytes > PACKET_ENVELOPE_MAX_BYTES) return 'tooLarge';
    this.conference.carry(this, bytes.subarray(0, sizeBytes), toEndpointId);
    return 'sent';
  }

  private noteChannel(): void {
    const isOpen = this.isPathOpen && this.currentState === 'live';
    if (isOpen === this.hasChannel) return;
    this.hasChannel = isOpen;
    this.events.emit('channel', { isOpen });
  }

  private enter(state: TransportState): void {
    this.currentState = state;
    this.events.emit('state', { state });
  }
}
