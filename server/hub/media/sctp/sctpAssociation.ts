import type { ChannelSocket } from '../../bridge/channelSocket';
import type { ChannelListener } from '../mediaContract';
import { DCEP_ACK, PAYLOAD, readChannelOpen } from './dcep';
import { SctpChannel } from './sctpChannel';
import { CHUNK_TYPE, firstChunkType, isReadableSctp } from './sctpPacket';
import { createWeriftSctp, SCTP_PORT, type WeriftSctp } from './weriftSctp';

/** The only data channel the hub takes, as lib-jitsi-meet opens it. */
export const CHANNEL_LABEL = 'JVB data channel';

export interface SctpEvents {
  /** Sends a packet within DTLS. */
  send(packet: Buffer): Promise<void>;
  onChannel(channel: ChannelSocket): ChannelListener;
  /** A packet was no SCTP. */
  onMalformed(): void;
}

/** Bytes of messages not complete yet, and of sequence gaps, beyond which the client is cut off. */
const REASSEMBLY_MAX_BYTES = 262_144;
const GAPS_MAX = 1_024;
const RECEIVER_WINDOW_BYTES = 1_048_576;

/**
 * SCTP over DTLS (RFC 8831) with one client, on werift's association. Both sides may begin: clients differ in whether they
 * wait, and werift only does the one or the other.
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

  /** Sends INIT, and from now on answers that of the client too. */
  start(): void {
    this.sctp.isServer = false;
    this.sctp.start(SCTP_PORT).catch(() => {});
    this.sctp.isServer = true;
  }

  /** Takes what came within DTLS. */
  receive(packet: Buffer): void {
    if (this.isClosed) return;
    if (!isReadableSctp(packet)) {
      this.events.onMalformed();
      return;
    }
    // A late INIT would reset the sequence numbers of the association that it led to.
    if (firstChunkType(packet) === CHUNK_TYPE.init && this.sctp.state === 'connected') return;
    this.sctp.handleData(packet).catch(() => this.events.onMalformed());
    if (this.isHoarding()) this.close();
  }

  /** Ends it at once, telling the client. */
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
