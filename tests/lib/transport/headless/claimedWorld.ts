import { randomBytes } from 'node:crypto';
import type { EndpointClaim } from '@/lib/core/meeting';
import { EndpointIdentities } from '@/lib/transport/endpointIdentities';
import { HeadlessTransport } from '@/lib/transport/headless/headlessTransport';
import type { JitsiPass } from '@/lib/transport/link';
import type { TransportHarness } from '@/tests/contract/transport';
import { type PlainPresence, startPlainPresence } from '@/tests/server/hub/plainPresence';
import { HeadlessWorld, passInto } from './headlessWorld';

/** How often a stranger repeats what everybody says, ms. */
const REPEATS_EVERY_MS = 50;

/** The roster as the API keeps it: who claims which endpoint. */
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
    const identities = new EndpointIdentities({ claim: async (endpointId) => this.claim(personId, endpointId) });
    this.followers.push(identities);
    return identities;
  }

  claim(personId: string, endpointId: string): string {
    const nonce = randomBytes(16).toString('hex');
    this.claims.set(personId, { id: endpointId, nonce });
    const people = Array.from(this.claims, ([id, endpoint]) => ({ id, endpoint }));
    for (const identities of this.followers) identities.follow(people);
    return nonce;
  }
}

/** Claims the endpoint of another, forges an identity in its own presence, and repeats every nonce that is listed. */
export class Stranger extends HeadlessTransport {
  private readonly talking: NodeJS.Timeout;

  constructor(
    fetchPass: () => Promise<JitsiPass>,
    private readonly noncesToSay: () => readonly string[],
    private readonly onIn: (endpointId: string) => void,
  ) {
    super({ fetchPass });
    this.events.on('state', ({ state }) => state === 'live' && this.onIn(this.endpointId));
    this.talking = setInterval(() => this.talk(), REPEATS_EVERY_MS);
  }

  override async disconnect(): Promise<void> {
    clearInterval(this.talking);
    await super.disconnect();
  }

  private talk(): void {
    for (const nonce of this.noncesToSay()) this.link?.tell('', { parleyClaim: nonce });
  }
}

/** The pass of a world's person through sockets that take the identities out of presence. */
function claimedPass(pass: JitsiPass, plain: PlainPresence): JitsiPass {
  const xmppWebSocketUrl = `ws://127.0.0.1:${plain.port}/xmpp-websocket`;
  return { ...pass, coordinates: { ...pass.coordinates, xmppWebSocketUrl, identity: 'claimed' } };
}

/** The harness of the transport contract over a hub that names nobody in presence. */
export async function claimedHarness(): Promise<TransportHarness> {
  const world = await HeadlessWorld.start();
  const plain = await startPlainPresence(() => world.hub.port);
  const roster = new Roster();
  const passOf = async (personId: string) => claimedPass(passInto(world.hub, personId), plain);
  return {
    create: async (personId) => {
      const name = personId ?? 'nobody';
      return world.create(name, { identities: roster.identitiesOf(name), fetchPass: () => passOf(name) });
    },
    createStranger: async (personId) => {
      roster.claim('mallory', roster.endpointOf(personId));
      const stranger = new Stranger(
        () => passOf('mallory'),
        () => roster.nonces,
        (endpointId) => {
          plain.forge(endpointId, personId);
          stranger.setHidden(true);
        },
      );
      return stranger;
    },
    restartServer: () => world.restartServer(),
    close: async () => {
      await plain.close();
      await world.hub.close();
    },
  };
}
