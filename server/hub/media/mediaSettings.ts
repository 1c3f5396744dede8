/** Where media connections are bound and what of it is told to clients. */
export interface MediaSettings {
  /** Addresses to bind, IPv4 or IPv6, e.g. `['127.0.0.1']`. Nothing else is bound. */
  readonly addresses: readonly string[];
  /** UDP ports `[first, last]`, one a connection and address; `null`: any free one. */
  readonly ports: readonly [number, number] | null;
  /** Addresses told to clients instead, where the hub is behind a 1:1 NAT. */
  readonly announcedAddresses: readonly string[] | null;
}
