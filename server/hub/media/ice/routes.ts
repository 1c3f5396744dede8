import type { Carrier, RemoteAddress } from './carrier';

interface Route<Owner> {
  readonly via: Carrier;
  readonly address: string;
  owner: Owner;
}

/**
 * Which connection the datagrams of a remote address belong to. Looking one up allocates nothing: it happens for every
 * packet of everybody.
 */
export class Routes<Owner> {
  private readonly byPort = new Map<number, Route<Owner>[]>();

  find(via: Carrier, from: RemoteAddress): Owner | null {
    const routes = this.byPort.get(from.port);
    if (!routes) return null;
    for (let index = 0; index < routes.length; index += 1) {
      const route = routes[index]!;
      if (route.via === via && route.address === from.address) return route.owner;
    }
    return null;
  }

  /**
   * Makes an address `owner`'s. An address of another owner changes hands only with `isProven`: the client has answered
   * from there, which no forged source address can.
   */
  claim(owner: Owner, via: Carrier, { address, port }: RemoteAddress, isProven: boolean): void {
    const routes = this.byPort.get(port) ?? [];
    const existing = routes.find((route) => route.via === via && route.address === address);
    if (existing) {
      if (isProven) existing.owner = owner;
      return;
    }
    routes.push({ via, address, owner });
    this.byPort.set(port, routes);
  }

  /** Forgets one address, if it is `owner`'s. */
  release(owner: Owner, via: Carrier, { address, port }: RemoteAddress): void {
    this.keep(port, (route) => route.owner !== owner || route.via !== via || route.address !== address);
  }

  /** Forgets every address of `owner`. */
  releaseAll(owner: Owner): void {
    for (const port of [...this.byPort.keys()]) this.keep(port, (route) => route.owner !== owner);
  }

  /** Forgets every address behind a carrier that has closed. */
  releaseVia(via: Carrier): void {
    for (const port of [...this.byPort.keys()]) this.keep(port, (route) => route.via !== via);
  }

  private keep(port: number, isKept: (route: Route<Owner>) => boolean): void {
    const routes = this.byPort.get(port);
    if (!routes) return;
    const kept = routes.filter(isKept);
    if (kept.length === 0) this.byPort.delete(port);
    else if (kept.length < routes.length) this.byPort.set(port, kept);
  }
}
