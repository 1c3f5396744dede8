import type { Emitter } from '@/lib/core/emitter';
import { ReasonedError } from '@/lib/core/reasonedError';

/** Largest packet a transport carries, in bytes before its own encoding. */
export const PACKET_ENVELOPE_MAX_BYTES = 2048;

/** Where a transport stands. `live`: in the conference; packets go out as soon as its channel is open. */
export type TransportState = 'idle' | 'connecting' | 'live' | 'reconnecting' | 'closed' | 'failed';

/** Somebody else in the conference. */
export interface Endpoint {
  /** The conference's own id of the connection; packets come from it. */
  readonly endpointId: string;
  /** Who that is, as the meeting's token says; null where the deployment vouches for nobody. */
  readonly personId: string | null;
}

export type TransportErrorReason =
  | 'unreachable'
  | 'libraryUnavailable'
  | 'notAllowed'
  | 'kicked'
  | 'conferenceDestroyed'
  | 'lost';

/** Why a transport failed. */
export class TransportError extends ReasonedError<TransportErrorReason> {}

export interface TransportEvents {
  state: { readonly state: TransportState; readonly error?: TransportError };
  joined: Endpoint;
  left: Endpoint;
  /** Somebody's page has been hidden, or shown again. */
  hidden: { readonly endpoint: Endpoint; readonly isHidden: boolean };
  /** The way to the others has opened, for the first time or again: what is sent from now on leaves. Or it has closed. */
  channel: { readonly isOpen: boolean };
  /** A packet from somebody else; `bytes` belongs to the transport and is valid during the call only. */
  packet: { readonly from: Endpoint; readonly bytes: Uint8Array };
}

/** What became of a packet. Only `sent` means that it left; `notOpen`: there is no way to whom it was for. */
export type SendOutcome = 'sent' | 'notOpen' | 'tooLarge' | 'backlogged';

/** Bytes in, bytes out, people. Every implementation passes the same contract suite. */
export interface Transport {
  readonly events: Emitter<TransportEvents>;
  readonly state: TransportState;
  /** One's own id in the conference, by which the others know what one sends; '' before one is in it. */
  readonly endpointId: string;
  /** Whether what is sent now leaves; told of by `channel`. May be false while `live`, as long as one is alone. */
  readonly isChannelOpen: boolean;
  /** Bytes that wait to be sent in one's own channel; null while that cannot be known. */
  readonly backlogBytes: number | null;
  /** What the bridge believes the way down to carry, bits a second; null where it has not said. */
  readonly downlinkBps: number | null;
  /** Everybody else who is here now, by endpoint id. */
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  /** Endpoint ids of those whose page is hidden: they are here, but do not look. */
  readonly hidden: ReadonlySet<string>;
  /** Resolves once live. @throws TransportError */
  connect(): Promise<void>;
  /** Sends the first `sizeBytes` of `bytes` to everybody else. Never throws. */
  broadcast(bytes: Uint8Array, sizeBytes: number): SendOutcome;
  /** Sends the first `sizeBytes` of `bytes` to one of {@link endpoints} alone. Never throws. */
  sendTo(endpointId: string, bytes: Uint8Array, sizeBytes: number): SendOutcome;
  /** Tells the others whether this page is hidden, now and after every reconnection. Never throws. */
  setHidden(isHidden: boolean): void;
  /**
   * Says that the network or the machine has just come back: the connection is checked now rather than when it is due, and
   * an attempt to come back that waits for its time is made now. Never throws.
   */
  wake(): void;
  /** Leaves and frees everything; a second call does nothing. */
  disconnect(): Promise<void>;
}

/** Reasons after which coming back is not tried. */
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

/** Who else is in a conference, and whose page is hidden; tells of every change. */
export class RemoteEndpoints {
  private readonly people = new Map<string, Endpoint>();
  private readonly hiddenIds = new Set<string>();

  constructor(private readonly events: Emitter<TransportEvents>) {}

  get endpoints(): ReadonlyMap<string, Endpoint> {
    return this.people;
  }

  get hidden(): ReadonlySet<string> {
    return this.hiddenIds;
  }

  greet(endpoint: Endpoint): void {
    this.people.set(endpoint.endpointId, endpoint);
    this.events.emit('joined', endpoint);
  }

  forget(endpointId: string): void {
    const endpoint = this.people.get(endpointId);
    if (!endpoint) return;
    this.noteHidden(endpointId, false);
    this.people.delete(endpointId);
    this.events.emit('left', endpoint);
  }

  forgetEverybody(): void {
    for (const endpointId of [...this.people.keys()]) this.forget(endpointId);
  }

  noteHidden(endpointId: string, isHidden: boolean): void {
    const endpoint = this.people.get(endpointId);
    if (!endpoint || this.hiddenIds.has(endpointId) === isHidden) return;
    if (isHidden) this.hiddenIds.add(endpointId);
    else this.hiddenIds.delete(endpointId);
    this.events.emit('hidden', { endpoint, isHidden });
  }
}
