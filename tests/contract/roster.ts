import type { EndpointClaim } from '@/lib/core/meeting';
import { EndpointIdentities } from '@/lib/transport/endpointIdentities';

/* Runs in Node and in a page. */

type Claimed = Parameters<EndpointIdentities['enter']>[0];

/** The roster as the API keeps it: who claims which endpoint. Everybody hears of a change at once. */
export class Roster {
  private readonly claims = new Map<string, EndpointClaim>();
  private readonly followers: EndpointIdentities[] = [];

  get nonces(): string[] {
    return Array.from(this.claims.values(), ({ nonce }) => nonce);
  }

  endpointOf(personId: string): string {
    return this.claims.get(personId)?.id ?? '';
  }

  /** What a person's transport is given. */
  identitiesOf(personId: string): EndpointIdentities {
    const identities = new EndpointIdentities({ claim: async (endpoint) => this.claim(personId, endpoint) });
    this.followers.push(identities);
    identities.follow(this.people());
    return identities;
  }

  claim(personId: string, { endpointId: id, occupantId }: Claimed): string {
    const nonce = crypto.randomUUID().replaceAll('-', '');
    this.claims.set(personId, { id, occupantId, nonce });
    for (const identities of this.followers) identities.follow(this.people());
    return nonce;
  }

  private people() {
    return Array.from(this.claims, ([id, endpoint]) => ({ id, endpoint }));
  }
}
