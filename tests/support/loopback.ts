import type { Clock } from '@/lib/core/clock';
import { Emitter } from '@/lib/core/emitter';
import {
  type Endpoint,
  PACKET_ENVELOPE_MAX_BYTES,
  type SendOutcome,
  type Transport,
  TransportError,
  type TransportEvents,
  type TransportState,
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

/** A conference within one process: every endpoint hears every other. For tests and for programs without a network. */
export class LoopbackConference {
  private readonly members = new Set<LoopbackTransport>();
  private waiting: Parcel[] = [];
  private nextEndpoint = 1;

  constructor(private readonly network: LoopbackNetwork | null = null) {}

  /** A new endpoint, not yet connected, of the person the conference vouches for (or of nobody). */
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

  /** Lets a member in and tells everybody of everybody. */
  admit(member: LoopbackTransport): void {
    for (const other of this.members) {
      other.meet(member.self, false);
      member.meet(other.self, other.isPageHidden);
    }
    this.members.add(member);
  }

  /** Lets a member go and tells the others. */
  release(member: LoopbackTransport): void {
    if (!this.members.delete(member)) return;
    for (const other of this.members) other.part(member.self);
  }

  /** Tells everybody else whether the page of `member` is hidden. */
  spreadHidden(member: LoopbackTransport, isHidden: boolean): void {
    for (const other of this.members) if (other !== member) other.noteHidden(member.self, isHidden);
  }

  /** Carries a packet to everybody but its sender, or to one of them. */
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
  private readonly others = new Map<string, Endpoint>();
  private readonly hiddenIds = new Set<string>();
  private currentState: TransportState = 'idle';
  private isHidden = false;
  private isWayOpen = true;
  private hasChannel = false;

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

  /** Nothing ever waits. */
  get backlogBytes(): number | null {
    return this.hasChannel ? 0 : null;
  }

  /** A loopback measures nothing. */
  get downlinkBps(): number | null {
    return null;
  }

  get endpoints(): ReadonlyMap<string, Endpoint> {
    return this.others;
  }

  /** Whether its own page is hidden, as it says. */
  get isPageHidden(): boolean {
    return this.isHidden;
  }

  get hidden(): ReadonlySet<string> {
    return this.hiddenIds;
  }

  async connect(): Promise<void> {
    if (this.currentState !== 'idle')
      throw new TransportError('notAllowed', 'An endpoint connects once; make a new one.');
    this.enter('connecting');
    this.conference.admit(this);
    this.enter('live');
    if (this.isHidden) this.conference.spreadHidden(this, true);
    this.noteChannel();
  }

  /** Closes the way to the others, or opens it, as a bridge channel that comes after its conference, or goes and comes. */
  setChannelOpen(isOpen: boolean): void {
    this.isWayOpen = isOpen;
    this.noteChannel();
  }

  broadcast(bytes: Uint8Array, sizeBytes: number): SendOutcome {
    return this.send(bytes, sizeBytes, null);
  }

  sendTo(endpointId: string, bytes: Uint8Array, sizeBytes: number): SendOutcome {
    return this.others.has(endpointId) ? this.send(bytes, sizeBytes, endpointId) : 'notOpen';
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
    this.others.clear();
    this.enter('closed');
    this.noteChannel();
    this.events.clear();
  }

  /** Called by the conference: somebody else is there. */
  meet(endpoint: Endpoint, isHidden: boolean): void {
    this.others.set(endpoint.endpointId, endpoint);
    this.events.emit('joined', endpoint);
    this.noteHidden(endpoint, isHidden);
  }

  /** Called by the conference: somebody's page has been hidden, or shown again. */
  noteHidden(endpoint: Endpoint, isHidden: boolean): void {
    if (this.hiddenIds.has(endpoint.endpointId) === isHidden) return;
    if (isHidden) this.hiddenIds.add(endpoint.endpointId);
    else this.hiddenIds.delete(endpoint.endpointId);
    this.events.emit('hidden', { endpoint, isHidden });
  }

  /** Called by the conference: somebody else has gone. */
  part(endpoint: Endpoint): void {
    this.noteHidden(endpoint, false);
    if (this.others.delete(endpoint.endpointId)) this.events.emit('left', endpoint);
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
    const isOpen = this.isWayOpen && this.currentState === 'live';
    if (isOpen === this.hasChannel) return;
    this.hasChannel = isOpen;
    this.events.emit('channel', { isOpen });
  }

  private enter(state: TransportState): void {
    this.currentState = state;
    this.events.emit('state', { state });
  }
}
