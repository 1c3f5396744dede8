import { type Clock, systemClock } from '@/lib/core/clock';
import { Emitter } from '@/lib/core/emitter';
import { unwrapPacket } from './envelope';
import type { JitsiPass } from './jitsiPass';
import type { Link, LinkEvents } from './link';
import { nextRetryDelayMs } from './retryPolicy';
import {
  type Endpoint,
  PACKET_ENVELOPE_MAX_BYTES,
  type SendOutcome,
  type Transport,
  TransportError,
  type TransportErrorReason,
  type TransportEvents,
  type TransportState,
} from './transport';

export interface LinkedTransportOptions {
  /** Fetches where to go and a fresh token: called at the start and before every attempt to come back. */
  fetchPass(): Promise<JitsiPass>;
  readonly clock?: Clock;
}

/** Reasons after which coming back is not tried. */
const FINAL: ReadonlySet<TransportErrorReason> = new Set(['kicked', 'conferenceDestroyed', 'notAllowed']);

interface Outage {
  readonly sinceMs: number;
  attempts: number;
  cause: TransportError;
}

/**
 * A transport over a conference that it enters again, by a fresh link, whenever the one before is down for good. What a link
 * is, in a browser or in Node, the subclass says.
 */
export abstract class LinkedTransport implements Transport {
  readonly events = new Emitter<TransportEvents>();
  protected link: Link | null = null;
  private readonly people = new Map<string, Endpoint>();
  private readonly hiddenIds = new Set<string>();
  private readonly incoming = new Uint8Array(PACKET_ENVELOPE_MAX_BYTES);
  private readonly clock: Clock;
  private current: TransportState = 'idle';
  private outage: Outage | null = null;
  private retryTimer: ReturnType<typeof setTimeout> | null = null;
  private isHidden = false;

  constructor(private readonly options: LinkedTransportOptions) {
    this.clock = options.clock ?? systemClock;
  }

  get state(): TransportState {
    return this.current;
  }

  get endpoints(): ReadonlyMap<string, Endpoint> {
    return this.people;
  }

  get hidden(): ReadonlySet<string> {
    return this.hiddenIds;
  }

  async connect(): Promise<void> {
    if (this.current !== 'idle') throw new Error('A transport connects once.');
    this.enter('connecting');
    try {
      await this.openLink();
    } catch (error) {
      const failure = asTransportError(error);
      if (!this.hasEnded()) this.enter('failed', failure);
      throw failure;
    }
  }

  broadcast(bytes: Uint8Array, sizeBytes: number): SendOutcome {
    if (sizeBytes > PACKET_ENVELOPE_MAX_BYTES) return 'tooLarge';
    return this.link?.broadcast(bytes, sizeBytes) ?? 'notOpen';
  }

  setHidden(isHidden: boolean): void {
    this.isHidden = isHidden;
    this.link?.setHidden(isHidden);
  }

  wake(): void {
    if (this.retryTimer) this.retryNow();
  }

  async disconnect(): Promise<void> {
    this.callOffRetry();
    const link = this.link;
    this.link = null;
    if (!this.hasEnded()) this.enter('closed');
    this.forgetEverybody();
    await link?.close();
  }

  /** Makes a link that is not yet open. @throws TransportError */
  protected abstract createLink(pass: JitsiPass, events: LinkEvents): Promise<Link>;

  private async openLink(): Promise<void> {
    const pass = await this.options.fetchPass();
    const isCurrent = () => this.link === link;
    const link: Link = await this.createLink(pass, {
      onJoined: (endpoint) => isCurrent() && this.greet(endpoint),
      onLeft: (endpointId) => isCurrent() && this.forget(endpointId),
      onHidden: (endpointId, isHidden) => isCurrent() && this.noteHidden(endpointId, isHidden),
      onMessage: (endpointId, payload) => isCurrent() && this.receive(endpointId, payload),
      onChannel: () => {},
      onDown: (error) => isCurrent() && this.comeBack(error),
    });
    if (this.hasEnded()) return;
    this.link = link;
    await link.open();
    if (this.link !== link) return;
    this.outage = null;
    if (this.isHidden) link.setHidden(true);
    this.enter('live');
  }

  private comeBack(cause: TransportError): void {
    const lostLink = this.link;
    this.link = null;
    this.forgetEverybody();
    // The link is still inside the callback that brought the news; it must not be torn down under its feet.
    queueMicrotask(() => void lostLink?.close());
    if (FINAL.has(cause.reason)) {
      this.enter('failed', cause);
      return;
    }
    this.outage = { sinceMs: this.clock.nowMs(), attempts: 0, cause };
    this.enter('reconnecting', cause);
    this.scheduleRetry(this.outage);
  }

  private scheduleRetry({ sinceMs, attempts, cause }: Outage): void {
    const elapsedMs = this.clock.nowMs() - sinceMs;
    const delayMs = nextRetryDelayMs({ attempts, elapsedMs, random: Math.random() });
    if (delayMs === null) this.enter('failed', cause);
    else this.retryTimer = setTimeout(() => this.retryNow(), delayMs);
  }

  private retryNow(): void {
    this.callOffRetry();
    if (this.outage) void this.retry(this.outage);
  }

  private async retry(outage: Outage): Promise<void> {
    try {
      await this.openLink();
    } catch (error) {
      const failure = asTransportError(error);
      this.link = null;
      if (this.hasEnded()) return;
      outage.attempts += 1;
      outage.cause = failure;
      if (FINAL.has(failure.reason)) this.enter('failed', failure);
      else this.scheduleRetry(outage);
    }
  }

  private callOffRetry(): void {
    if (this.retryTimer) clearTimeout(this.retryTimer);
    this.retryTimer = null;
  }

  private receive(endpointId: string, payload: unknown): void {
    const from = this.people.get(endpointId);
    if (!from) return;
    const sizeBytes = unwrapPacket(payload, this.incoming);
    if (sizeBytes > 0) this.events.emit('packet', { from, bytes: this.incoming.subarray(0, sizeBytes) });
  }

  private greet(endpoint: Endpoint): void {
    this.people.set(endpoint.endpointId, endpoint);
    this.events.emit('joined', endpoint);
  }

  private forget(endpointId: string): void {
    const endpoint = this.people.get(endpointId);
    if (!endpoint) return;
    this.noteHidden(endpointId, false);
    this.people.delete(endpointId);
    this.events.emit('left', endpoint);
  }

  private noteHidden(endpointId: string, isHidden: boolean): void {
    const endpoint = this.people.get(endpointId);
    if (!endpoint || this.hiddenIds.has(endpointId) === isHidden) return;
    if (isHidden) this.hiddenIds.add(endpointId);
    else this.hiddenIds.delete(endpointId);
    this.events.emit('hidden', { endpoint, isHidden });
  }

  private forgetEverybody(): void {
    for (const endpointId of [...this.people.keys()]) this.forget(endpointId);
  }

  private hasEnded(): boolean {
    return this.current === 'closed' || this.current === 'failed';
  }

  private enter(state: TransportState, error?: TransportError): void {
    this.current = state;
    this.events.emit('state', { state, error });
  }
}

function asTransportError(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  return new TransportError('unreachable', 'The meeting server cannot be reached.', { cause: error });
}
