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

/** A channel that takes WebSocket frames as they are, and knows how many more it may be given. */
export interface FramedChannelSocket extends ChannelSocket {
  /** Bytes that may be handed over now without a slow receiver gathering old ones. */
  readonly roomBytes: number;
  /** Sends whole text frames, as `OutgoingMessage` makes them, one behind the other. Never throws. */
  sendFrames(frames: Buffer): void;
}

/** True for a channel that is a WebSocket. */
export function isFramed(socket: ChannelSocket): socket is FramedChannelSocket {
  return 'sendFrames' in socket;
}
