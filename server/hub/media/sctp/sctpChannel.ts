import type { ChannelSocket } from '../../bridge/channelSocket';
import type { ChannelListener } from '../mediaContract';
import { PAYLOAD } from './dcep';

/** What a channel needs of its association. */
export interface ChannelCarrier {
  send(payloadId: number, message: Buffer): void;
  bufferedBytes(): number;
  close(): void;
}

/** A bridge channel on an SCTP data channel. */
export class SctpChannel implements ChannelSocket {
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

  /** It is over, whoever ended it. Tells the listener once. */
  end(): void {
    if (!this.open) return;
    this.open = false;
    this.listener?.onClose();
  }
}
