/** How a bridge channel runs. */
export type ChannelKind = 'websocket' | 'datachannel';

/** What a bridge channel tells its owner. */
export interface ChannelEvents {
  onOpen(isOpen: boolean): void;
  /** One text message of the bridge. */
  onText(text: string): void;
}

/** The way to the bridge, over which endpoint messages go; a WebSocket or an SCTP data channel. */
export interface BridgeChannel {
  readonly kind: ChannelKind;
  readonly isOpen: boolean;
  /** Bytes that wait to be sent. */
  readonly bufferedBytes: number;
  /** Sends one text message; false where it did not leave. Never throws. */
  send(text: string): boolean;
  /** Closes it for good; nothing is told afterwards. */
  close(): void;
  /** Cuts it as a broken network would, for drills. */
  cut(): void;
}
