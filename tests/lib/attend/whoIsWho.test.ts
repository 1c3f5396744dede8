import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import type { Attendance } from '@/lib/attend/attendance';
import { attendHeadless, type HeadlessAttendanceOptions } from '@/lib/attend/headless';
import { type Element, xml } from '@/lib/transport/headless/element';
import type { HeadlessTransport } from '@/lib/transport/headless/headlessTransport';
import { HUB_PLACE } from '@/server/services/tokens/jitsiCoordinates';
import { Stranger } from '@/tests/lib/transport/headless/stranger';
import { startBotWorld } from '@/tests/tools/bot/botWorld';

/** The way to the XMPP connection of a headless transport. */
interface Innards {
  readonly link: { readonly xmpp: { ask(to: string, payload: Element): Promise<unknown> } };
}

const MUC_DOMAIN = `conference.${HUB_PLACE.xmppDomain}`;
const SOON = { timeout: 10_000, interval: 50 };

/** A whole site whose Jitsi is as stock as it comes: presence names nobody but by what a client writes itself. */
let world: Awaited<ReturnType<typeof startBotWorld>>;
const attendances: Attendance<HeadlessTransport>[] = [];
const strangers: Stranger[] = [];
beforeAll(async () => {
  world = await startBotWorld({ jicofo: {} });
}, 60_000);
afterEach(async () => {
  await Promise.all(strangers.splice(0).map((stranger) => stranger.disconnect()));
  await Promise.all(attendances.splice(0).map((attendance) => attendance.leave()));
});
afterAll(() => world.close());

const client = () => createParleyClient({ url: world.url });

async function attend(meetingId: string, name: string, options: Partial<HeadlessAttendanceOptions> = {}) {
  const attendance = attendHeadless({ url: world.url, meetingId, name, ...options });
  attendances.push(attendance);
  await attendance.join();
  const { state } = attendance;
  if (state.phase !== 'live') throw new Error(`${name} is ${state.phase}`);
  const { id: personId } = state.granted.self;
  const transport = () => attendance.connection!.transport;
  return {
    attendance,
    personId,
    transport,
    /** Pose frames received from a person. */
    posesOf: (other: string) => attendance.exchange?.feed.statsOf(other)?.received ?? 0,
    /** Pose packets dropped because it was not known whose they were. */
    anonymous: () => attendance.exchange?.feed.dropped.get('anonymous') ?? 0,
    /** Whom it takes an endpoint for. */
    personAt: (endpointId: string) => transport().endpoints.get(endpointId)?.personId,
  };
}

describe('a meeting on a Jitsi that does not say who is who', () => {
  it('T-107 poses go both ways, a spectator sees them, and the roster knows the endpoints', async () => {
    const { id } = await client().meeting.create();
    const ann = await attend(id, 'Ann');
    const bob = await attend(id, 'Bob');
    const watcher = await attend(id, '', { role: 'spectator' });
    const counts = () => [
      ann.posesOf(bob.personId),
      bob.posesOf(ann.personId),
      watcher.posesOf(ann.personId),
      watcher.posesOf(bob.personId),
    ];
    await expect.poll(() => Math.min(...counts()), SOON).toBeGreaterThan(30);
    const { people } = await client().meeting.get({ id });
    const listed = people.map(({ endpoint }) => endpoint?.id);
    expect(listed).toEqual([ann.transport().endpointId, bob.transport().endpointId]);
    const dropped = bob.anonymous();
    const received = bob.posesOf(ann.personId);
    await expect.poll(() => bob.posesOf(ann.personId), SOON).toBeGreaterThan(received + 30);
    expect(bob.anonymous()).toBe(dropped);
  });

  it('T-87 the first one in the room, whom the focus has made its owner, is reported to the API', async () => {
    const { id } = await client().meeting.create();
    const before = world.faults.length;
    await attend(id, 'Ann');
    await expect.poll(() => world.faults.slice(before), SOON).toEqual(['owner: ']);
  });

  it('T-58 whom an owner of the room takes out against the word of the API comes back on the same seat', async () => {
    const { id } = await client().meeting.create();
    const owner = await attend(id, 'Ann');
    const bob = await attend(id, 'Bob');
    const seats = async () => (await client().meeting.get({ id })).people.map(({ name, seat }) => [name, seat]);
    const before = bob.transport().endpointId;
    const { xmpp } = (owner.transport() as unknown as Innards).link;
    const item = xml('item', { nick: before, role: 'none' });
    await xmpp.ask(`${id}@${MUC_DOMAIN}`, xml('query', { xmlns: 'http://jabber.org/protocol/muc#admin' }, item));
    await expect.poll(() => bob.attendance.connection?.transport.endpointId || before, SOON).not.toBe(before);
    await expect.poll(() => bob.attendance.state.phase, SOON).toBe('live');
    await expect.poll(() => owner.personAt(bob.transport().endpointId), SOON).toBe(bob.personId);
    expect(await seats()).toEqual([
      ['Ann', 0],
      ['Bob', 1],
    ]);
  });

  it('T-107 a person who comes back over a fresh link is known by their new endpoint', async () => {
    const { id } = await client().meeting.create();
    const ann = await attend(id, 'Ann');
    const bob = await attend(id, 'Bob');
    await expect.poll(() => bob.posesOf(ann.personId), SOON).toBeGreaterThan(10);
    const before = ann.transport().endpointId;
    ann.transport().cutXmpp();
    ann.transport().cutChannel();
    await expect.poll(() => ann.transport().endpointId, SOON).not.toBe(before);
    await expect.poll(() => bob.personAt(ann.transport().endpointId), SOON).toBe(ann.personId);
    const received = bob.posesOf(ann.personId);
    await expect.poll(() => bob.posesOf(ann.personId), SOON).toBeGreaterThan(received + 10);
  });

  it('T-107 a stranger who claims, repeats and forges all there is moves nobody, and ann moves on', async () => {
    const { id } = await client().meeting.create();
    const ann = await attend(id, 'Ann');
    const bob = await attend(id, 'Bob');
    await expect.poll(() => bob.posesOf(ann.personId), SOON).toBeGreaterThan(10);
    // Mallory has a seat of her own, by which she claims ann's endpoint.
    const { stayToken, jitsi, joinToken, personId } = await client().meeting.join({
      id,
      role: 'participant',
      name: 'Mallory',
    });
    const { nonce } = await client().meeting.claim({ id, stayToken, endpointId: ann.transport().endpointId });
    const { people } = await client().meeting.get({ id });
    const nonces = [nonce, ...people.flatMap(({ endpoint }) => endpoint?.nonce ?? [])];
    const mallory = new Stranger({
      personId: ann.personId,
      fetchPass: async () => ({ coordinates: jitsi, joinToken }),
      noncesToSay: () => nonces,
    });
    mallory.setHidden(true);
    strangers.push(mallory);
    await mallory.connect();
    // Ann's own packets come back as mallory's.
    mallory.events.on('packet', ({ bytes }) => mallory.broadcast(bytes, bytes.length));
    await expect.poll(() => bob.anonymous(), SOON).toBeGreaterThan(30);
    const received = bob.posesOf(ann.personId);
    await expect.poll(() => bob.posesOf(ann.personId), SOON).toBeGreaterThan(received + 30);
    expect(bob.personAt(mallory.endpointId)).toBeNull();
    expect(bob.personAt(ann.transport().endpointId)).toBe(ann.personId);
    expect(bob.posesOf(personId)).toBe(0);
    expect([...bob.transport().hidden]).toEqual([mallory.endpointId]);
  });
});
