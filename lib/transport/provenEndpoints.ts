import type { Emitter } from '@/lib/core/emitter';
import type { EndpointIdentities } from './endpointIdentities';
import { type Endpoint, RemoteEndpoints, type TransportEvents } from './transport';

/** The other endpoints of the conference that a transport uses, each with the person who is proven to be behind it. */
export class ProvenEndpoints extends RemoteEndpoints {
  constructor(
    events: Emitter<TransportEvents>,
    private readonly identities: EndpointIdentities,
  ) {
    super(events);
  }

  /** Presence tells of an endpoint, and names a person or none. */
  override greet({ endpointId, personId: named }: Endpoint): void {
    this.identities.meet(endpointId, named);
    if (!this.endpoints.has(endpointId)) this.show(endpointId);
  }

  /** The person of an endpoint has another one now, or no longer. */
  supersede(endpointId: string, isSuperseded: boolean): void {
    if (isSuperseded) this.drop(endpointId);
    else if (this.identities.isHere(endpointId)) this.show(endpointId);
  }

  override forget(endpointId: string): void {
    this.drop(endpointId);
    this.identities.part(endpointId);
  }

  /** The link is gone, and none is used. That says nothing of the others. */
  override forgetAll(): void {
    super.forgetAll();
    this.identities.take([], [], false);
  }

  /** Another link is used from now on, whose presence has told of `next`. See {@link EndpointIdentities.take}. */
  takeOver(next: RemoteEndpoints, isEnforced: boolean): void {
    this.identities.take(next.endpoints.values(), next.departed, isEnforced);
    for (const endpointId of [...next.endpoints.keys()]) {
      if (this.identities.isSuperseded(endpointId)) next.forget(endpointId);
      else next.identify(endpointId, this.identities.personOf(endpointId));
    }
    this.become(next);
  }

  /** The sender of a packet; undefined if it is not known to be here, or its person has another endpoint. */
  senderOf(endpointId: string): Endpoint | undefined {
    const from = this.endpoints.get(endpointId);
    if (from?.personId) return from;
    if (this.identities.isSuperseded(endpointId)) return undefined;
    this.identities.noteStranger(endpointId);
    const personId = this.identities.personOf(endpointId);
    // Roster and bridge prove who it is before XMPP, perhaps cut, tells that it is here.
    if (!from && personId !== null) this.put({ endpointId, personId });
    return this.endpoints.get(endpointId);
  }

  private show(endpointId: string): void {
    if (this.identities.isSuperseded(endpointId)) return;
    this.put({ endpointId, personId: this.identities.personOf(endpointId) });
  }
}
