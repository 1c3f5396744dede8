import type { Admitted } from '@/lib/core/admission';
import type { Element } from './element';
import { NS } from './namespaces';
import { StreamManagement } from './streamManagement';

/** The socket under a stream. Neither call throws. */
export interface Wire {
  send(text: string): void;
  close(code: number, reason: string): void;
}

/** Where a session stands: on a socket, waiting to be resumed until `hibernatesUntilMs`, or gone. */
export type SessionState = 'live' | 'hibernating' | 'ended';

/** Closes a stream. Clients compare this very text. */
export const STREAM_CLOSE = `<close xmlns="${NS.framing}" />`;

/** One client's bound XMPP session. It outlives its socket where stream management is on. */
export class Session {
  state: SessionState = 'live';
  hibernatesUntilMs = Number.POSITIVE_INFINITY;
  management: StreamManagement | null = null;

  constructor(
    /** Full address, `uuid@domain/resource`. */
    readonly jid: string,
    /** First 8 hex digits of the uuid: nick in the room and endpoint id on the bridge. */
    readonly endpointId: string,
    readonly admitted: Admitted,
    /** `ws://host` or `wss://host` under which the client reached the hub. */
    readonly webSocketOrigin: string,
    private wire: Wire | null,
    private readonly unacknowledgedMax: number,
  ) {}

  get isResumable(): boolean {
    return this.management !== null && this.state !== 'ended';
  }

  /** True where more stanzas wait for an acknowledgement than are kept. */
  get isOverdue(): boolean {
    return this.management !== null && this.management.unacknowledged.length > this.unacknowledgedMax;
  }

  /** Sends a stanza, or keeps it for the socket to come. */
  send(stanza: Element): void {
    if (this.state === 'ended') return;
    stanza.attrs['xmlns'] ??= NS.client;
    const text = stanza.toString();
    const mustAsk = this.management?.sent(text) ?? false;
    this.wire?.send(text);
    if (mustAsk) this.wire?.send(`<r xmlns="${NS.streamManagement}"/>`);
  }

  /** Turns stream management on; a second call changes nothing. */
  manage(): StreamManagement {
    this.management ??= new StreamManagement();
    return this.management;
  }

  /** True while `wire` is the one this session speaks through. */
  isOn(wire: Wire): boolean {
    return this.wire === wire;
  }

  /** Takes over `wire`, closing the one before. */
  attach(wire: Wire): void {
    const before = this.wire;
    this.wire = wire;
    this.state = 'live';
    this.hibernatesUntilMs = Number.POSITIVE_INFINITY;
    if (before && before !== wire) before.close(1000, 'resumed elsewhere');
  }

  /** Waits without a socket until `untilMs`. */
  hibernate(untilMs: number): void {
    this.wire = null;
    this.state = 'hibernating';
    this.hibernatesUntilMs = untilMs;
  }

  /** Ends for good, closing the stream where there is one. */
  end(): void {
    const wire = this.wire;
    this.state = 'ended';
    this.wire = null;
    wire?.send(STREAM_CLOSE);
    wire?.close(1000, 'session ended');
  }
}
