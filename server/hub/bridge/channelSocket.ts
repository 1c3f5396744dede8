/** What carries one endpoint's bridge channel: a WebSocket or an SCTP data channel. */
export interface ChannelSocket {
  readonly isOpen: boolean;
  /** Bytes that wait to be sent. */
  readonly bufferedBytes: number;
  /** Sends one text message, given as UTF-8. Never throws. */
  send(message: Buffer): void;
  /** Closes it; a data channel has no code to give. */
  close(code: number, reason: string): void;
}
