import { randomUUID } from 'node:crypto';
import type { Admitted } from '@/lib/core/admission';
import type { HubLimits } from '../hubLimits';
import { NS } from './namespaces';
import type { Element } from './stanza';
import type { StanzaRate } from './stanzaRate';

/** The socket under a stream. Neither call throws. */
export interface Wire {
  /** When the client was last heard, on the hub's clock. */
  readonly heardAtMs: number;
  /** Bytes that the network has not taken yet. */
  readonly bufferedBytes: number;
  send(text: string): void;
  close(code: number, reason: string): void;
}

/** The state of a session: on a socket, waiting to be resumed until `hibernatesUntilMs`, or over. */
type SessionState = 'live' | 'hibernating' | 'ended';

/** How much is kept for a client that does not acknowledge it. */
type HoardLimits = Pick<HubLimits, 'unacknowledgedStanzasMax' | 'unacknowledgedBytesMax'>;

/** Closes a stream. Clients compare this exact text. */
export const STREAM_CLOSE = `<close xmlns="${NS.framing}" />`;

/** One client's bound XMPP session. With stream management it outlives its socket. */
export class Session {
  state: SessionState = 'live';
  hibernatesUntilMs = Number.POSITIVE_INFINITY;
  management: StreamManagement | null = null;
  /** Whether it has sent more than may be relayed, or entered too often, and must be cut off. */
  isFlooding = false;

  constructor(
    /** Full address, `uuid@domain/resource`. */
    readonly jid: string,
    /** The first 8 hex digits of the uuid: nick in the room and endpoint id on the bridge. */
    readonly endpointId: string,
    readonly admitted: Admitted,
    /** `ws://host` or `wss://host` under which the client reached the hub. */
    readonly webSocketOrigin: string,
    private wire: Wire | null,
    private readonly limits: HoardLimits,
    readonly rate: StanzaRate,
  ) {}

  /** When the client was last heard, on the hub's clock; minus infinity without a socket. */
  get heardAtMs(): number {
    return this.wire?.heardAtMs ?? Number.NEGATIVE_INFINITY;
  }

  get isResumable(): boolean {
    return this.management !== null && !this.isOverdue && this.state !== 'ended';
  }

  /** Whether more awaited acknowledgement than is kept. Nothing more is sent: the session is to end. */
  get isOverdue(): boolean {
    return this.management?.isOverdue ?? false;
  }

  /** Bytes held for it: not acknowledged, or not taken by the network. */
  get heldBytes(): number {
    return Math.max(this.management?.unacknowledgedBytes ?? 0, this.wire?.bufferedBytes ?? 0);
  }

  /** Whether `sizeBytes` of it may go to each of the others in its room. If not, it is cut off. */
  mayRelay(sizeBytes: number): boolean {
    if (this.isFlooding || this.rate.admitsRelay(sizeBytes)) return !this.isFlooding;
    this.isFlooding = true;
    return false;
  }

  /** Whether it may enter its room again. If not, it is cut off. */
  mayEnter(): boolean {
    this.isFlooding ||= !this.rate.admitsEntry();
    return !this.isFlooding;
  }

  /** Sends a stanza, or keeps it for the next socket. */
  send(stanza: Element): void {
    stanza.attrs['xmlns'] ??= NS.client;
    this.sendText(stanza.toString());
  }

  /** Sends a stanza that has been written already. */
  sendText(text: string): void {
    if (this.state === 'ended' || this.isOverdue) return;
    const mustAsk = this.management?.sent(text) ?? false;
    this.wire?.send(text);
    if (mustAsk) this.wire?.send(`<r xmlns="${this.management?.version}"/>`);
  }

  /** Enables stream management, in the namespace `version`. A second call changes nothing. */
  manage(version: string): StreamManagement {
    this.management ??= new StreamManagement(this.limits, version);
    return this.management;
  }

  /** Whether this session uses `wire`. */
  isOn(wire: Wire): boolean {
    return this.wire === wire;
  }

  /** Switches to `wire` and closes the previous one. */
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

  /** Ends for good, closing the stream if there is one. */
  end(): void {
    const wire = this.wire;
    this.state = 'ended';
    this.wire = null;
    wire?.send(STREAM_CLOSE);
    wire?.close(1000, 'session ended');
  }
}

/** After this many stanzas an acknowledgement is requested. */
const ACKNOWLEDGE_EVERY = 8;

/** The counters and the queue of one session's stream management (XEP-0198). Counts start at `<enable/>`. */
class StreamManagement {
  /** What `<resume previd>` must name. */
  readonly id = randomUUID();
  /** Stanzas handled by the hub: the `h` it reports. */
  received = 0;
  private acknowledged = 0;
  private sinceRequest = 0;
  private queue: string[] = [];
  private queuedBytes = 0;
  private hasOverflowed = false;

  constructor(
    private readonly limits: HoardLimits,
    readonly version: string,
  ) {}

  /** Whether more was to be kept than may be. Nothing is kept any longer. */
  get isOverdue(): boolean {
    return this.hasOverflowed;
  }

  get unacknowledgedBytes(): number {
    return this.queuedBytes;
  }

  /** Stanzas sent but not acknowledged yet, oldest first. */
  get unacknowledged(): readonly string[] {
    return this.queue;
  }

  /** Keeps a stanza that is being sent. Returns true if an acknowledgement should be requested now. */
  sent(stanza: string): boolean {
    this.queue.push(stanza);
    this.queuedBytes += Buffer.byteLength(stanza);
    if (this.isOverfull) this.overflow();
    this.sinceRequest += 1;
    if (this.sinceRequest < ACKNOWLEDGE_EVERY) return false;
    this.sinceRequest = 0;
    return true;
  }

  /** Drops stanzas that the client has handled. Returns false if `h` cannot be right. */
  acknowledge(h: string | undefined): boolean {
    const handled = h !== undefined && /^\d{1,10}$/.test(h) ? Number(h) - this.acknowledged : -1;
    if (handled < 0 || handled > this.queue.length) return false;
    for (const stanza of this.queue.splice(0, handled)) this.queuedBytes -= Buffer.byteLength(stanza);
    this.acknowledged += handled;
    return true;
  }

  private get isOverfull(): boolean {
    const { unacknowledgedStanzasMax, unacknowledgedBytesMax } = this.limits;
    return this.queue.length > unacknowledgedStanzasMax || this.queuedBytes > unacknowledgedBytesMax;
  }

  private overflow(): void {
    this.hasOverflowed = true;
    this.queue = [];
    this.queuedBytes = 0;
  }
}
