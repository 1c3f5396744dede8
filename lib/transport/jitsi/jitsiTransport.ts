import { type Clock, systemClock } from '@/lib/core/clock';
import { Emitter } from '@/lib/core/emitter';
import { nextRetryDelayMs } from '../retryPolicy';
import {
  type Endpoint,
  PACKET_ENVELOPE_MAX_BYTES,
  type SendOutcome,
  type Transport,
  TransportError,
  type TransportErrorReason,
  type TransportEvents,
  type TransportState,
} from '../transport';
import { ConferenceLink, type JitsiPass } from './conferenceLink';
import { unwrapPacket } from './envelope';
import { loadJitsiLibrary } from './library';

export interface JitsiTransportOptions {
  /** Fetches where to go and a fresh token: called at the start and before every attempt to come back. */
  fetchPass(): Promise<JitsiPass>;
  clock?: Clock;
}

/** Reasons after which coming back is not tried. */
const FINAL: ReadonlySet<TransportErrorReason> = new Set(['kicked', 'conferenceDestroyed', 'notAllowed']);

/** A transport over the conference of a Jitsi deployment, embedded or real. */
export class JitsiTransport implements Transport {
  readonly events = new Emitter<TransportEvents>();
  private readonly people = new Map<string, Endpoint>();
  private readonly incoming = new Uint8Array(PACKET_ENVELOPE_MAX_BYTES);
  private readonly clock: Clock;
  private current: TransportState = 'idle';
  private link: ConferenceLink | null = null;
  private retryTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly options: JitsiTransportOptions) {
    this.clock = options.clock ?? systemClock;
  }

  get state(): TransportState {
    return this.current;
  }

  get endpoints(): ReadonlyMap<string, Endpoint> {
    return this.people;
  }

  async connect(): Promise<void> {
    if (this.current !== 'idle') throw new Error('A transport connects once.');
    this.enter('connecting');
    try {
      await this.openLink();
    } catch (error) {
      const failure = asTransportError(error);
      if (this.hasEnded()) throw failure;
      this.enter('failed', failure);
      throw failure;
    }
  }

  broadcast(bytes: Uint8Array, sizeBytes: number): SendOutcome {
    if (sizeBytes > PACKET_ENVELOPE_MAX_BYTES) return 'tooLarge';
    return this.link?.broadcast(bytes, sizeBytes) ?? 'notOpen';
  }

  async disconnect(): Promise<void> {
    if (this.retryTimer) clearTimeout(this.retryTimer);
    this.retryTimer = null;
    const link = this.link;
    this.link = null;
    if (!this.hasEnded()) this.enter('closed');
    this.forgetEverybody();
    await link?.close();
  }

  private async openLink(): Promise<void> {
    const pass = await this.options.fetchPass();
    const library = await loadJitsiLibrary(pass.coordinates.libUrl);
    if (this.hasEnded()) return;
    const link: ConferenceLink = new ConferenceLink(library, pass, {
      onJoined: (endpoint) => this.greet(endpoint),
      onLeft: (endpointId) => this.forget(endpointId),
      onMessage: (endpointId, payload) => this.receive(endpointId, payload),
      onDown: (error) => {
        if (this.link === link) this.comeBack(error);
      },
    });
    this.link = link;
    await link.open();
    if (this.link === link) this.enter('live');
  }

  private comeBack(cause: TransportError): void {
    const lostLink = this.link;
    this.link = null;
    this.forgetEverybody();
    // lib-jitsi-meet is still inside the callback that brought the news; it must not be torn down under its feet.
    queueMicrotask(() => void lostLink?.close());
    if (FINAL.has(cause.reason)) {
      this.enter('failed', cause);
      return;
    }
    this.enter('reconnecting', cause);
    this.scheduleRetry(this.clock.nowMs(), 0, cause);
  }

  private scheduleRetry(sinceMs: number, attempts: number, cause: TransportError): void {
    const elapsedMs = this.clock.nowMs() - sinceMs;
    const delayMs = nextRetryDelayMs({ attempts, elapsedMs, random: Math.random() });
    if (delayMs === null) {
      this.enter('failed', cause);
      return;
    }
    this.retryTimer = setTimeout(() => void this.retry(sinceMs, attempts), delayMs);
  }

  private async retry(sinceMs: number, attempts: number): Promise<void> {
    try {
      await this.openLink();
    } catch (error) {
      const failure = asTransportError(error);
      this.link = null;
      if (this.hasEnded()) return;
      if (FINAL.has(failure.reason)) this.enter('failed', failure);
      else this.scheduleRetry(sinceMs, attempts + 1, failure);
    }
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
    this.people.delete(endpointId);
    this.events.emit('left', endpoint);
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
