import { wrapPacket } from '@/lib/transport/bridgeMessage';
import { EndpointIdentities } from '@/lib/transport/endpointIdentities';
import type { JitsiPass, Link, LinkEvents, LinkOutcome } from '@/lib/transport/link';
import { LinkedTransport } from '@/lib/transport/linkedTransport';
import { lost, TransportError } from '@/lib/transport/transport';
import { PASS } from './linkWorld';

/* A conference in one process, on whatever timers run: everything takes a time that is drawn, as on a busy machine. */

export interface SimulatedJitsiOptions {
  /** 0 .. 1, the same for a test that is repeated. */
  random(): number;
  /** Whether presence names people, and is believed. */
  readonly isIdentityEnforced: boolean;
  /** How long a session without its connection is kept. */
  readonly resumeWindowMs: number;
  /** Longest time that any step of client or server takes. */
  readonly stepMaxMs: number;
}

/** The API's word of who claims which endpoint. */
class SimulatedRoster {
  private readonly claims = new Map<string, { id: string; occupantId: null; nonce: string }>();
  private readonly tells: Array<() => void> = [];
  private nonces = 0;

  constructor(private readonly later: Jitter) {}

  identitiesOf(personId: string): EndpointIdentities {
    const identities = new EndpointIdentities({
      claim: async ({ endpointId }) => {
        await this.later.pause();
        this.nonces += 1;
        const nonce = `nonce${this.nonces}`;
        this.claims.set(personId, { id: endpointId, occupantId: null, nonce });
        for (const tell of this.tells) tell();
        await this.later.pause();
        return nonce;
      },
      clock: { nowMs: () => performance.now() },
    });
    this.tells.push(this.later.inOrder(() => identities.follow(this.people())));
    return identities;
  }

  private people() {
    return Array.from(this.claims, ([id, endpoint]) => ({ id, endpoint }));
  }
}

/** Delays, drawn for each step. */
class Jitter {
  constructor(
    private readonly random: () => number,
    private readonly maxMs: number,
  ) {}

  /** Most steps are quick, some are slow. */
  ms(): number {
    return this.random() ** 3 * this.maxMs;
  }

  pause(): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, this.ms()));
  }

  /** A function that does `what` later, each call after the one before. */
  inOrder<Args extends unknown[]>(what: (...args: Args) => void): (...args: Args) => void {
    let freeAtMs = 0;
    return (...args) => {
      const nowMs = performance.now();
      freeAtMs = Math.max(freeAtMs, nowMs + this.ms());
      setTimeout(() => what(...args), freeAtMs - nowMs);
    };
  }
}

/** One session on the server, and the client's end of it. */
class SimulatedLink implements Link {
  readonly endpointId: string;
  readonly occupantId = null;
  readonly reopensChannel = true;
  readonly canRestart = false;
  readonly backlogBytes = 0;
  readonly mediaPhase = 'none';
  readonly mediaPort = null;
  /** What the server knows. */
  isPresent = false;
  isConnected = false;
  cutAtMs = 0;
  /** What the client knows. */
  isClosed = false;
  private isUp = false;
  private isChannelOpen = false;
  private readonly known = new Set<string>();
  /** Of XMPP: what the server has sent while the connection was cut waits for a resumption. */
  private readonly missed: Array<() => void> = [];
  private readonly viaXmpp: (what: () => void) => void;
  readonly viaChannel: (from: string, payload: unknown) => void;

  constructor(
    private readonly jitsi: SimulatedJitsi,
    readonly personId: string,
    private readonly events: LinkEvents,
  ) {
    this.endpointId = jitsi.nextId();
    this.viaXmpp = jitsi.later.inOrder((what: () => void) => {
      if (!this.isClosed) what();
    });
    this.viaChannel = jitsi.later.inOrder((from: string, payload: unknown) => this.receive(from, payload));
  }

  begin(): void {}
  setHidden(): void {}
  setUnheard(): void {}
  restart(): void {}

  async open(): Promise<void> {
    await this.jitsi.later.pause();
    if (this.jitsi.isBlocked) throw new TransportError('unreachable', 'blocked');
    this.isConnected = true;
    await this.jitsi.later.pause();
    await this.jitsi.later.pause();
    if (this.isClosed) throw lost();
    if (!this.isConnected) throw lost();
    this.jitsi.enter(this);
    await new Promise<void>((resolve) => this.viaXmpp(resolve));
    this.isUp = true;
  }

  /** The server tells this client something over XMPP. */
  tellXmpp(what: () => void): void {
    if (this.isConnected) this.viaXmpp(what);
    else this.missed.push(what);
  }

  showJoined(other: SimulatedLink): void {
    this.tellXmpp(() => {
      this.known.add(other.endpointId);
      const named = this.jitsi.options.isIdentityEnforced ? other.personId : null;
      this.events.onJoined({ endpointId: other.endpointId, personId: named });
    });
  }

  showLeft(endpointId: string): void {
    this.tellXmpp(() => {
      this.known.delete(endpointId);
      this.events.onLeft(endpointId);
    });
  }

  /** The bridge has a channel for it, or has closed it. */
  setChannel(isOpen: boolean): void {
    if (this.isClosed || this.isChannelOpen === isOpen) return;
    this.isChannelOpen = isOpen;
    this.events.onChannel(isOpen);
  }

  get hasChannel(): boolean {
    return this.isChannelOpen && !this.isClosed;
  }

  /** The XMPP connection is cut: the library tries to resume, again and again. */
  async cut(): Promise<void> {
    if (!this.isConnected) return;
    this.isConnected = false;
    this.cutAtMs = performance.now();
    await this.jitsi.later.pause();
    if (this.isClosed) return;
    this.events.onSignalling(false);
    for (;;) {
      await new Promise((resolve) => setTimeout(resolve, 1_000 + this.jitsi.options.random() * 2_000));
      // The library goes on a little after it has been closed.
      if (this.isClosed && this.jitsi.options.random() < 0.5) return;
      if (this.jitsi.isBlocked) continue;
      await this.jitsi.later.pause();
      if (this.isClosed) {
        this.jitsi.leave(this);
        return;
      }
      if (!this.isPresent) {
        this.events.onDown(lost());
        return;
      }
      this.isConnected = true;
      this.events.onSignalling(true);
      for (const what of this.missed.splice(0)) this.viaXmpp(what);
      return;
    }
  }

  broadcast(bytes: Uint8Array, sizeBytes: number): LinkOutcome {
    return this.tell('', wrapPacket(bytes, sizeBytes));
  }

  sendTo(endpointId: string, bytes: Uint8Array, sizeBytes: number): LinkOutcome {
    return this.tell(endpointId, wrapPacket(bytes, sizeBytes));
  }

  tell(endpointId: string, payload: unknown): LinkOutcome {
    if (!this.hasChannel) return 'notOpen';
    this.jitsi.relay(this, endpointId, payload);
    return 'sent';
  }

  async close(): Promise<void> {
    if (this.isClosed) return;
    this.isClosed = true;
    this.isChannelOpen = false;
    await this.jitsi.later.pause();
    if (this.isConnected) this.jitsi.leave(this);
  }

  private receive(from: string, payload: unknown): void {
    if (!this.hasChannel) return;
    // The library drops messages of endpoints that it does not know, except that a stale list is seen through.
    const isStray = !this.known.has(from) && from !== this.endpointId;
    if (isStray && !(this.isUp && !this.isConnected)) return;
    this.events.onMessage(from, payload);
  }
}

export class SimulatedJitsi {
  isBlocked = false;
  readonly later: Jitter;
  readonly links: SimulatedLink[] = [];
  private readonly roster: SimulatedRoster;
  private ids = 0;

  constructor(readonly options: SimulatedJitsiOptions) {
    this.later = new Jitter(options.random, options.stepMaxMs);
    this.roster = new SimulatedRoster(this.later);
  }

  nextId(): string {
    this.ids += 1;
    return `e${this.ids}`;
  }

  /** A transport of `personId`, not connected yet. */
  create(personId: string): LinkedTransport {
    const jitsi = this;
    const identity = this.options.isIdentityEnforced ? ('enforced' as const) : ('claimed' as const);
    const pass: JitsiPass = { ...PASS, coordinates: { ...PASS.coordinates, identity } };
    class SimulatedTransport extends LinkedTransport {
      protected async createLink(_pass: JitsiPass, events: LinkEvents): Promise<Link> {
        const link = new SimulatedLink(jitsi, personId, events);
        jitsi.links.push(link);
        return link;
      }
    }
    const fetchPass = async () => {
      await this.later.pause();
      return pass;
    };
    return new SimulatedTransport({
      fetchPass,
      identities: this.roster.identitiesOf(personId),
      clock: { nowMs: () => performance.now() },
    });
  }

  /** Cuts every XMPP connection, and lets none come up for `forMs`. */
  blockXmpp(forMs: number): void {
    this.isBlocked = true;
    for (const link of this.links) void link.cut();
    setTimeout(() => {
      this.isBlocked = false;
    }, forMs);
  }

  /** To be called often: sessions whose connection has not come back end. */
  sweep(): void {
    for (const link of this.present()) {
      const isGone = !link.isConnected && performance.now() - link.cutAtMs > this.options.resumeWindowMs;
      if (isGone) this.leave(link);
    }
  }

  enter(link: SimulatedLink): void {
    for (const other of this.present()) {
      link.showJoined(other);
      other.showJoined(link);
    }
    link.isPresent = true;
    if (this.present().length > 1) for (const each of this.present()) void this.invite(each);
  }

  leave(link: SimulatedLink): void {
    if (!link.isPresent) return;
    link.isPresent = false;
    link.setChannel(false);
    for (const other of this.present()) other.showLeft(link.endpointId);
  }

  relay(from: SimulatedLink, to: string, payload: unknown): void {
    if (!from.isPresent) return;
    for (const link of this.present()) {
      const isReceiver = to === '' ? link !== from : link.endpointId === to;
      if (isReceiver) link.viaChannel(from.endpointId, payload);
    }
  }

  private async invite(link: SimulatedLink): Promise<void> {
    if (link.hasChannel) return;
    await this.later.pause();
    await this.later.pause();
    if (link.isPresent) link.setChannel(true);
  }

  private present(): SimulatedLink[] {
    return this.links.filter(({ isPresent }) => isPresent);
  }
}
