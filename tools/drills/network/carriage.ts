/** What a connection is for: XMPP, a bridge channel, media that the channel does not go over, or anything else. */
export type CarriageKind = 'xmpp' | 'channel' | 'media' | 'other';

/** What carries data between one client and a server: a connection, or the datagrams of two sockets. */
export interface Carriage {
  readonly kind: CarriageKind;
  /** Bytes passed to the client so far; of datagrams, with the headers of UDP and IP. */
  readonly bytesDown: number;
  /** Datagrams passed to the client so far. */
  readonly datagramsDown: number;
  /** Holds all data back in both directions (true), then passes it on at once (false). A dead one stays as it is. */
  hold(isHeld: boolean): void;
  /** Stops all data for good, and tells neither end. */
  deaden(): void;
  /** Ends it, so that both ends know, if they can be told. */
  cut(): void;
  /** Limits what the client is sent to `bitsPerS`; null for no limit. */
  throttle(bitsPerS: number | null): void;
}
