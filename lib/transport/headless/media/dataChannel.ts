import { RTCDataChannel, RTCDataChannelParameters, type RTCSctpTransport } from 'werift';
import type { BridgeChannel, ChannelEvents } from '../channel/bridgeChannel';

/** How Jitsi's bridges know their channel. */
const LABEL = 'JVB data channel';
const PROTOCOL = 'http://jitsi.org/protocols/colibri';
/** The DTLS client's streams are even (RFC 8832, 6). */
const STREAM_ID = 0;

/** A bridge channel over SCTP. It does not come back by itself: a fresh session has a fresh one. */
export class DataChannel implements BridgeChannel {
  readonly kind = 'datachannel';
  private channel: RTCDataChannel | null = null;
  private isClosed = false;

  constructor(
    private readonly sctp: RTCSctpTransport,
    private readonly events: ChannelEvents,
  ) {
    // Bridges of some years ago open it themselves.
    sctp.onDataChannel.subscribe((channel) => this.use(channel));
  }

  get isOpen(): boolean {
    return !this.isClosed && this.channel?.readyState === 'open';
  }

  get bufferedBytes(): number {
    return this.channel?.bufferedAmount ?? 0;
  }

  /** Opens it as soon as there is an association. */
  open(): void {
    if (this.isClosed || this.channel) return;
    const parameters = new RTCDataChannelParameters({
      label: LABEL,
      protocol: PROTOCOL,
      ordered: true,
      id: STREAM_ID,
    });
    this.use(new RTCDataChannel(this.sctp, parameters, true));
  }

  send(text: string): boolean {
    if (!this.isOpen || !this.channel) return false;
    try {
      this.channel.send(text);
      return true;
    } catch {
      return false;
    }
  }

  close(): void {
    this.isClosed = true;
    if (this.channel?.readyState === 'open') this.channel.close();
  }

  /** The association dies without a word: nothing goes out any more and nothing is heard. */
  cut(): void {
    const { dtlsTransport } = this.sctp;
    dtlsTransport.dataReceiver = () => {};
    Object.assign(dtlsTransport, { sendData: async () => {} });
  }

  private use(channel: RTCDataChannel): void {
    if (channel.label !== LABEL || this.isOpen) return;
    this.channel = channel;
    const isCurrent = () => this.channel === channel && !this.isClosed;
    channel.onMessage.subscribe((data) => {
      if (isCurrent() && typeof data === 'string') this.events.onText(data);
    });
    channel.stateChanged.subscribe((state) => {
      if (!isCurrent()) return;
      if (state === 'open') this.events.onOpen(true);
      if (state === 'closed') this.events.onOpen(false);
    });
    if (channel.readyState === 'open') this.events.onOpen(true);
  }
}
