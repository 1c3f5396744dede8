import { Event, type RTCDtlsTransport, RTCSctpTransport } from 'werift';
import { CHANNEL_LABEL } from '@/lib/webrtc/jitsiMedia';
import type { ChannelSocket } from '../../bridge/channelSocket';
import type { ChannelListener } from '../mediaContract';
import { CHUNK_TYPE, DCEP_ACK, firstChunkType, isReadableSctp, PAYLOAD, readChannelOpen } from './sctpPacket';

interface SctpEvents {
  /** Sends a packet within DTLS. */
  send(packet: Buffer): Promise<void>;
  onChannel(channel: ChannelSocket): ChannelListener;
  /** A packet was not valid SCTP. */
  onMalformed(): void;
}

/** Limits on incomplete messages (bytes) and sequence gaps; a client beyond them is cut off. */
const REASSEMBLY_MAX_BYTES = 262_144;
const GAPS_MAX = 1_024;
const RECEIVER_WINDOW_BYTES = 1_048_576;

/**
 * SCTP over DTLS (RFC 8831) with one client, on werift's association. Both sides may start it: some clients wait and some do
 * not, while werift by itself does only one or the other.
 */
export class SctpAssociation {
  private readonly sctp: WeriftSctp;
  private channel: SctpChannel | null = null;
  private isClosed = false;

  constructor(private readonly events: SctpEvents) {
    this.sctp = createWeriftSctp((packet) => events.send(packet));
    this.sctp.onReceive.subscribe((streamId, payloadId, data) => this.onMessage(streamId, payloadId, data));
    this.sctp.onReconfigStreams.subscribe((streamIds) => this.onStreamsReset(streamIds));
    this.sctp.stateChanged.connected.subscribe(() => this.sctp.timer1Cancel());
    this.sctp.stateChanged.closed.subscribe(() => this.endChannel());
  }

  /** From now on answers the client's INIT. With `begins`, sends one, too. */
  start(begins: boolean): void {
    this.sctp.isServer = !begins;
    this.sctp.start(SCTP_PORT).catch(() => {});
    this.sctp.isServer = true;
  }

  /** Handles a packet that arrived within DTLS. */
  receive(packet: Buffer): void {
    if (this.isClosed) return;
    if (!isReadableSctp(packet)) {
      this.events.onMalformed();
      return;
    }
    // A late INIT would reset the sequence numbers of the association it created.
    if (firstChunkType(packet) === CHUNK_TYPE.init && this.sctp.state === 'connected') return;
    this.sctp.handleData(packet).catch(() => this.events.onMalformed());
    if (this.isHoarding()) this.close();
  }

  /** Ends it at once and tells the client. */
  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.sctp.stop().catch(() => {});
    this.endChannel();
  }

  private isHoarding(): boolean {
    const heldBytes = RECEIVER_WINDOW_BYTES - this.sctp.advertisedRwnd;
    return heldBytes > REASSEMBLY_MAX_BYTES || this.sctp.sackMisOrdered.size > GAPS_MAX;
  }

  private onMessage(streamId: number, payloadId: number, data: Buffer): void {
    if (payloadId === PAYLOAD.dcep) this.onChannelMessage(streamId, data);
    else if (streamId === this.channel?.streamId) this.onChannelData(this.channel, payloadId, data);
  }

  private onChannelData(channel: SctpChannel, payloadId: number, data: Buffer): void {
    switch (payloadId) {
      case PAYLOAD.text:
        channel.listener?.onFrame(data, false);
        break;
      case PAYLOAD.binary:
        channel.listener?.onFrame(data, true);
        break;
    }
  }

  private onChannelMessage(streamId: number, data: Buffer): void {
    const open = readChannelOpen(data);
    if (!open) return;
    if (open.label !== CHANNEL_LABEL || (this.channel && this.channel.streamId !== streamId)) {
      this.resetStream(streamId);
      return;
    }
    this.send(streamId, PAYLOAD.dcep, DCEP_ACK, true);
    if (this.channel) return;
    const channel = new SctpChannel(streamId, {
      send: (payloadId, message) => this.send(streamId, payloadId, message, open.isOrdered),
      bufferedBytes: () => this.bufferedBytes(),
      close: () => {
        this.endChannel();
        this.resetStream(streamId);
      },
    });
    this.channel = channel;
    channel.listener = this.events.onChannel(channel);
  }

  private send(streamId: number, payloadId: number, data: Buffer, ordered: boolean): void {
    this.sctp.send(streamId, payloadId, data, { ordered }).catch(() => {});
  }

  private bufferedBytes(): number {
    return this.sctp.outboundQueue.reduce((sum, chunk) => sum + chunk.bookSize, this.sctp.flightSize);
  }

  private onStreamsReset(streamIds: number[]): void {
    if (this.channel && streamIds.includes(this.channel.streamId)) this.endChannel();
  }

  private resetStream(streamId: number): void {
    if (this.isClosed || this.sctp.reconfigQueue.includes(streamId)) return;
    this.sctp.reconfigQueue.push(streamId);
    this.sctp.transmitReconfigRequest().catch(() => {});
  }

  private endChannel(): void {
    const { channel } = this;
    this.channel = null;
    channel?.end();
  }
}

/** What a channel needs from its association. */
interface ChannelCarrier {
  send(payloadId: number, message: Buffer): void;
  bufferedBytes(): number;
  close(): void;
}

/** A bridge channel on an SCTP data channel. */
class SctpChannel implements ChannelSocket {
  listener: ChannelListener | null = null;
  private open = true;

  constructor(
    readonly streamId: number,
    private readonly carrier: ChannelCarrier,
  ) {}

  get isOpen(): boolean {
    return this.open;
  }

  get bufferedBytes(): number {
    return this.open ? this.carrier.bufferedBytes() : 0;
  }

  send(message: Buffer): void {
    if (this.open && message.length > 0) this.carrier.send(PAYLOAD.text, message);
  }

  close(_code: number, _reason: string): void {
    if (this.open) this.carrier.close();
  }

  /** The channel is over, whichever side ended it. Tells the listener once. */
  end(): void {
    if (!this.open) return;
    this.open = false;
    this.listener?.onClose();
  }
}

/** The part of werift's SCTP association that the hub uses. werift does not export it and declares some of it private. */
interface WeriftSctp {
  /** Whether it answers INIT. */
  isServer: boolean;
  readonly state: 'new' | 'closed' | 'connected' | 'connecting';
  /** Receiver window left, bytes. May be below 0. */
  readonly advertisedRwnd: number;
  /** Bytes sent and not acknowledged. */
  readonly flightSize: number;
  readonly outboundQueue: readonly { readonly bookSize: number }[];
  readonly sackMisOrdered: ReadonlySet<number>;
  readonly reconfigQueue: number[];
  readonly onReceive: SctpEvent<[streamId: number, payloadId: number, data: Buffer]>;
  readonly onReconfigStreams: SctpEvent<[streamIds: number[]]>;
  readonly stateChanged: { readonly connected: SctpEvent<[]>; readonly closed: SctpEvent<[]> };
  handleData(data: Buffer): Promise<void>;
  send(streamId: number, payloadId: number, data: Buffer, options: { ordered: boolean }): Promise<void>;
  transmitReconfigRequest(): Promise<void>;
  timer1Cancel(): void;
  start(remotePort: number): Promise<void>;
  stop(): Promise<void>;
}

interface SctpEvent<Args extends unknown[]> {
  subscribe(listener: (...args: Args) => void): unknown;
  allUnsubscribe(): void;
}

/** SCTP port of both sides, as the offer says. */
const SCTP_PORT = 5_000;

/**
 * Creates an association that sends through `send`. werift's data channel layer around it is disconnected: on an unknown
 * payload identifier or message it leaves rejected promises unhandled, which would end the process.
 */
function createWeriftSctp(send: (packet: Buffer) => Promise<void>): WeriftSctp {
  const transport = new RTCSctpTransport(SCTP_PORT);
  transport.setDtlsTransport({
    id: 'hub',
    sendData: send,
    dataReceiver: () => {},
    onStateChange: new Event(),
    iceTransport: { role: 'controlling' },
  } as unknown as RTCDtlsTransport);
  const sctp = transport.sctp as unknown as WeriftSctp;
  sctp.onReceive.allUnsubscribe();
  sctp.onReconfigStreams.allUnsubscribe();
  sctp.stateChanged.connected.allUnsubscribe();
  return sctp;
}
