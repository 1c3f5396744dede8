/** The remote end of a datagram. */
export interface RemoteAddress {
  readonly address: string;
  readonly port: number;
}

/** What datagrams travel over: a UDP socket, or one TCP connection. */
export interface Carrier {
  readonly isIPv6: boolean;
  /** Whether it is used only if nothing better works: TCP, which holds packets back until lost ones have come. */
  readonly isLastResort: boolean;
  /** Sends one datagram; false if the carrier is full or closed. Never throws. */
  send(data: Buffer, to: RemoteAddress): boolean;
  /** Ends it, and whatever is bound for it. */
  close(): void;
}

/** Called with each datagram, where it arrived, and where it came from. */
export type DatagramListener = (data: Buffer, via: Carrier, from: RemoteAddress) => void;
