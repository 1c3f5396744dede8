/** The socket of one endpoint's bridge channel: a WebSocket or an SCTP data channel. */
export interface ChannelSocket {
  readonly isOpen: boolean;
  /** Bytes queued to be sent. */
  readonly bufferedBytes: number;
  /** Sends one text message, UTF-8. Never throws. */
  send(message: Buffer): void;
  /** Closes it. A data channel ignores the code. */
  close(code: number, reason: string): void;
}

/** A channel that takes ready-made WebSocket frames, and knows how much more it may be given. */
export interface FramedChannelSocket extends ChannelSocket {
  /** Bytes that may be handed over now without old messages piling up at a slow receiver. */
  readonly roomBytes: number;
  /** Sends whole text frames, as `OutgoingMessage` makes them, one after the other. Never throws. */
  sendFrames(frames: Buffer): void;
}

/** True for a channel that is a WebSocket. */
export function isFramed(socket: ChannelSocket): socket is FramedChannelSocket {
  return 'sendFrames' in socket;
}
