import type { DeploymentFault, Refusal } from '@/lib/core/deploymentFault';
import type { Emitter } from '@/lib/core/emitter';
import { ReasonedError } from '@/lib/core/reasonedError';
import type { MediaPath } from './mediaPath';

/** Largest packet a transport carries, in bytes before its own encoding. */
export const PACKET_ENVELOPE_MAX_BYTES = 2048;

/** The state of a transport. `live`: in the conference; packets leave as soon as its channel is open. */
export type TransportState = 'idle' | 'connecting' | 'live' | 'reconnecting' | 'closed' | 'failed';

/**
 * What of the conference is out of reach for longer than a moment: `signalling`, its XMPP server, without which joins and
 * leaves go unseen, though packets may pass; `bridge`, all its bridges, without which there are neither packets nor voices.
 */
export type TransportTrouble = 'none' | 'signalling' | 'bridge';

/** Another endpoint in the conference. */
export interface Endpoint {
  /** The conference's id of the connection, which every packet carries. */
  readonly endpointId: string;
  /** The person who is proven to be behind it; null until somebody is. `joined` is raised again when that changes. */
  readonly personId: string | null;
}

export type TransportErrorReason =
  | 'unreachable'
  | 'libraryUnavailable'
  | 'notAllowed'
  | 'kicked'
  | 'conferenceDestroyed'
  | 'lost';

interface TransportErrorOptions extends ErrorOptions {
  readonly refusal?: Refusal;
  readonly detail?: string;
}

/** Why a transport failed. */
export class TransportError extends ReasonedError<TransportErrorReason> {
  /** What the server refuses; null if it is not known to refuse anything. */
  readonly refusal: Refusal | null;
  /** What the server said, in its own words; '' if it said nothing. */
  readonly detail: string;

  constructor(reason: TransportErrorReason, message: string, options: TransportErrorOptions = {}) {
    super(reason, message, options);
    this.refusal = options.refusal ?? null;
    this.detail = options.detail ?? '';
  }
}

export interface TransportEvents {
  state: { readonly state: TransportState; readonly error?: TransportError };
  /** An endpoint is here, or another person is known to be behind it. */
  joined: Endpoint;
  left: Endpoint;
  /** An endpoint's page has been hidden, or shown again. */
  hidden: { readonly endpoint: Endpoint; readonly isHidden: boolean };
  /** An endpoint has said that no media comes through to it or from it, or that it does now. */
  unheard: { readonly endpoint: Endpoint; readonly isUnheard: boolean };
  /** Whether media comes through to this client has changed. */
  media: MediaPath;
  /** What is out of reach has changed. */
  trouble: { readonly trouble: TransportTrouble };
  /** Something is wrong with the deployment, for its operator: each fault once. `said`: what a server said, or where; '' for nothing. */
  fault: { readonly fault: DeploymentFault; readonly said: string };
  /** The channel has opened, for the first time or again: packets sent from now on leave. Or it has closed. */
  channel: { readonly isOpen: boolean };
  /** A packet from another endpoint. `bytes` belongs to the transport and is valid during the call only. */
  packet: { readonly from: Endpoint; readonly bytes: Uint8Array };
}

/** What became of a packet. Only `sent` means that it left. `notOpen`: no open channel, or the recipient is not here. */
export type SendOutcome = 'sent' | 'notOpen' | 'tooLarge' | 'backlogged';

/** Packets in, packets out, and who is here. Every implementation passes the same contract suite. */
export interface Transport {
  readonly events: Emitter<TransportEvents>;
  readonly state: TransportState;
  /** The local endpoint's id, which its packets carry; '' outside a conference. */
  readonly endpointId: string;
  /** Whether packets sent now leave; changes raise `channel`. May be false while `live` as long as no one else is here. */
  readonly isChannelOpen: boolean;
  /** Bytes queued in the local channel; null if unknown. */
  readonly backlogBytes: number | null;
  /** The bridge's estimate of the bandwidth to this client, bits per second; null if it has not sent one. */
  readonly downlinkBps: number | null;
  /** The other endpoints that are here now, by id. */
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  /** Ids of the endpoints whose page is hidden: present, but not looking. */
  readonly hidden: ReadonlySet<string>;
  /** Ids of the endpoints that say that no media comes through to them or from them: present, but neither heard nor hearing. */
  readonly unheard: ReadonlySet<string>;
  /** Whether media comes through to this client; changes raise `media`, and the other endpoints learn of `blocked`. */
  readonly mediaPath: MediaPath;
  /** What is out of reach now; the transport mends it by itself. Changes raise `trouble`. */
  readonly trouble: TransportTrouble;
  /** Resolves once live. @throws TransportError */
  connect(): Promise<void>;
  /** Sends the first `sizeBytes` of `bytes` to every other endpoint. Never throws. */
  broadcast(bytes: Uint8Array, sizeBytes: number): SendOutcome;
  /** Sends the first `sizeBytes` of `bytes` to one of {@link endpoints}. Never throws. */
  sendTo(endpointId: string, bytes: Uint8Array, sizeBytes: number): SendOutcome;
  /** Tells the other endpoints whether this page is hidden, now and after every reconnection. Never throws. */
  setHidden(isHidden: boolean): void;
  /**
   * Call when the network or the machine has just come back: checks the connection now rather than when it is due, and
   * makes a waiting attempt to reconnect at once. Never throws.
   */
  wake(): void;
  /** Leaves and frees everything. A second call does nothing. */
  disconnect(): Promise<void>;
}

/** Reasons after which a transport does not reconnect. */
const FINAL: ReadonlySet<TransportErrorReason> = new Set(['kicked', 'conferenceDestroyed', 'notAllowed']);

export function isFinal({ reason }: TransportError): boolean {
  return FINAL.has(reason);
}

export function lost(): TransportError {
  return new TransportError('lost', 'The connection to the meeting server was lost.');
}

export function tooLate(): TransportError {
  return new TransportError('unreachable', 'The meeting server does not answer in time.');
}

export function asTransportError(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  return new TransportError('unreachable', 'The meeting server cannot be reached.', { cause: error });
}

/** The other endpoints of a conference, whether their pages are hidden and whether they are unheard. Raises an event for every change. */
export class RemoteEndpoints {
  private readonly byId = new Map<string, Endpoint>();
  private readonly hiddenIds = new Set<string>();
  private readonly unheardIds = new Set<string>();
  private readonly departedIds = new Set<string>();

  constructor(private readonly events: Emitter<TransportEvents>) {}

  get endpoints(): ReadonlyMap<string, Endpoint> {
    return this.byId;
  }

  get hidden(): ReadonlySet<string> {
    return this.hiddenIds;
  }

  get unheard(): ReadonlySet<string> {
    return this.unheardIds;
  }

  /** Ids of those that have left. */
  get departed(): ReadonlySet<string> {
    return this.departedIds;
  }

  greet(endpoint: Endpoint): void {
    this.put(endpoint);
  }

  /** Another person is behind an endpoint now, or none. */
  identify(endpointId: string, personId: string | null): void {
    const endpoint = this.byId.get(endpointId);
    if (endpoint && endpoint.personId !== personId) this.put({ endpointId, personId });
  }

  forget(endpointId: string): void {
    this.departedIds.add(endpointId);
    this.drop(endpointId);
  }

  forgetAll(): void {
    for (const endpointId of [...this.byId.keys()]) this.drop(endpointId);
  }

  /** Knows what `next` knows from now on, with an event for each difference. */
  become(next: RemoteEndpoints): void {
    for (const [endpointId, { personId }] of [...this.byId]) {
      const there = next.byId.get(endpointId);
      if (there?.personId !== personId) this.drop(endpointId);
    }
    for (const [endpointId, endpoint] of next.byId) {
      if (!this.byId.has(endpointId)) this.put(endpoint);
      this.noteHidden(endpointId, next.hiddenIds.has(endpointId));
      this.noteUnheard(endpointId, next.unheardIds.has(endpointId));
    }
  }

  noteHidden(endpointId: string, isHidden: boolean): void {
    const endpoint = this.byId.get(endpointId);
    if (!endpoint || this.hiddenIds.has(endpointId) === isHidden) return;
    if (isHidden) this.hiddenIds.add(endpointId);
    else this.hiddenIds.delete(endpointId);
    this.events.emit('hidden', { endpoint, isHidden });
  }

  noteUnheard(endpointId: string, isUnheard: boolean): void {
    const endpoint = this.byId.get(endpointId);
    if (!endpoint || this.unheardIds.has(endpointId) === isUnheard) return;
    if (isUnheard) this.unheardIds.add(endpointId);
    else this.unheardIds.delete(endpointId);
    this.events.emit('unheard', { endpoint, isUnheard });
  }

  protected put(endpoint: Endpoint): void {
    this.byId.set(endpoint.endpointId, endpoint);
    this.events.emit('joined', endpoint);
  }

  protected drop(endpointId: string): void {
    const endpoint = this.byId.get(endpointId);
    if (!endpoint) return;
    this.noteHidden(endpointId, false);
    this.noteUnheard(endpointId, false);
    this.byId.delete(endpointId);
    this.events.emit('left', endpoint);
  }
}
