import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HeadlessTransport } from '@/lib/transport/headless/headlessTransport';
import type { JitsiPass } from '@/lib/transport/link';
import type { Transport } from '@/lib/transport/transport';
import { Roster } from '@/tests/contract/roster';
import { IDENTITY_CASES, type TransportHarness, transportContract } from '@/tests/contract/transport';
import { TRANSPORT_CASES } from '@/tests/contract/transportCases';
import {
  allHearAll,
  checkEqual,
  endpointOf,
  eventually,
  eventuallyEqual,
  peopleOf,
  TransportWorld,
} from '@/tests/contract/transportWorld';
import { ProsodyJitsi } from '@/tests/support/prosody/prosodyJitsi';
import { hasProsody } from '@/tools/run/prosody.mjs';
import { Stranger } from './stranger';

/** What XMPP carries or must survive. Bytes on the bridge channel never see Prosody. */
const IDS = 'T-1 T-2 T-3 T-4 T-10 T-11 T-14 T-20 T-21 T-22 T-32'.split(' ');
const CASES = [...TRANSPORT_CASES.filter(({ id }) => IDS.includes(id)), ...IDENTITY_CASES.slice(0, 1)];

if (!hasProsody()) {
  console.warn(
    'No Prosody found: the transport is not tried on a real XMPP server. `npm test` installs it, as root on Debian.',
  );
}

describe.skipIf(!hasProsody())('over Prosody', () => {
  let jitsi: ProsodyJitsi;

  beforeAll(async () => {
    jitsi = await ProsodyJitsi.start({ channel: 'websocket' });
  });

  afterAll(async () => {
    await jitsi?.close();
    expect(jitsi?.errors ?? []).toEqual([]);
  });

  function passIntoNewRoom(): JitsiPass {
    return { coordinates: jitsi.coordinates(randomBytes(6).toString('hex')), joinToken: '' };
  }

  /** Every case has a room of its own, and all share one server. */
  async function harness(pass = passIntoNewRoom()): Promise<TransportHarness> {
    const roster = new Roster();
    return {
      create: async (personId) => {
        const identities = roster.identitiesOf(personId ?? 'nobody');
        return new HeadlessTransport({ fetchPass: async () => pass, identities });
      },
      createStranger: async (personId, endpointId) => {
        roster.claim('mallory', { endpointId: roster.endpointOf(personId), occupantId: null });
        return new Stranger({ personId, endpointId, fetchPass: async () => pass, noncesToSay: () => roster.nonces });
      },
      cutSignalling: async () => jitsi.cutXmpp(),
      close: async () => {},
    };
  }

  transportContract('headless', harness, CASES, 'inTurn');

  it('T-109 a newcomer does not take a stranger for a person whose endpoint’s id it has taken and whose nonce it repeats', async () => {
    const pass = passIntoNewRoom();
    const world = new TransportWorld(await harness(pass));
    const believing = new HeadlessTransport({
      fetchPass: async () => ({ ...pass, coordinates: { ...pass.coordinates, identity: 'enforced' } }),
    });
    try {
      const [ann, bob] = await world.openLive('ann', 'bob');
      const endpointId = ann.endpointId;
      // The roster still lists it, as in the moment before the next link has claimed another.
      await ann.disconnect();
      await eventuallyEqual(() => peopleOf(bob), [], 'people after ann has left');
      const mallory = await world.openStranger('ann', endpointId);
      await mallory.connect();
      const [cy] = await world.open('cy');
      await cy.connect();
      await allHearAll([bob, cy, mallory]);
      checkEqual(mallory.endpointId, endpointId, 'endpoint of the stranger');
      const known = () => [peopleOf(bob), peopleOf(cy)];
      const wanted = [
        ['cy', null],
        ['bob', null],
      ];
      // Poses of a person can come before what proves who it is.
      await eventuallyEqual(known, wanted, 'people known');
      await allHearAll([bob, cy, mallory]);
      checkEqual(known(), wanted, 'people known, and still');
      // The forged identity does reach the others.
      await believing.connect();
      await eventuallyEqual(() => endpointOf(believing, 'ann'), endpointId, 'whom presence alone calls ann');
    } finally {
      await believing.disconnect();
      await world.close();
    }
  }, 60_000);

  it('T-56 after Prosody was killed and has started again, every endpoint comes back by itself', async () => {
    const world = new TransportWorld(await harness());
    try {
      const people = await world.openLive('ann', 'bob', 'cy');
      const before = people.map(({ endpointId }) => endpointId);
      await jitsi.killProsody();
      await jitsi.reviveProsody();
      const isFresh = ({ endpointId }: Transport) => endpointId !== '' && !before.includes(endpointId);
      await eventually(() => people.every(isFresh), 'every endpoint is a new one');
      await allHearAll(people);
      const known = ['bob cy', 'ann cy', 'ann bob'];
      await eventuallyEqual(() => people.map((one) => peopleOf(one).join(' ')), known, 'each is here once');
      await eventuallyEqual(() => people.map(({ state }) => state), ['live', 'live', 'live'], 'states');
    } finally {
      await world.close();
    }
  }, 60_000);
});
