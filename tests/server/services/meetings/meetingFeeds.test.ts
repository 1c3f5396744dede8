import * as fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import type { MeetingEvent, MeetingView } from '@/lib/core/meeting';
import { createWorld, EventReader, START_MS } from '@/tests/server/services/meetings/meetingWorld';
import { MemoryMeetingStore } from '@/tests/support/memoryMeetingStore';

const store = new MemoryMeetingStore();
let world: ReturnType<typeof createWorld>;
beforeEach(() => {
  world = createWorld(store);
});

/** A client's view after `event`, given its view before. */
function apply(known: MeetingView | null, event: MeetingEvent): MeetingView | null {
  if (event.type === 'snapshot') return event.meeting;
  if (!known) throw new Error('a delta came before the snapshot');
  switch (event.type) {
    case 'joined':
    case 'changed': {
      const others = known.people.filter((person) => person.id !== event.person.id);
      return { ...known, people: [...others, event.person].sort((a, b) => a.seat - b.seat) };
    }
    case 'left': {
      if (!known.people.some((person) => person.id === event.personId))
        throw new Error('left without having been here');
      return { ...known, people: known.people.filter((person) => person.id !== event.personId) };
    }
    case 'spectators':
      return { ...known, spectators: event.count };
    case 'viewers':
      return { ...known, viewers: event.count };
    case 'tier':
      return { ...known, tier: event.tier };
    case 'recording':
      return { ...known, recording: event.change === 'started' ? event.recording : null };
    case 'restarting':
      return { ...known, restartsBy: event.by };
    case 'ended':
      return { ...known, endedAt: event.endedAt, people: [], spectators: 0 };
  }
}

describe('watch', () => {
  it('everybody hears that the site restarts, those who come later by their snapshot', async () => {
    const reader = new EventReader(world, { id: (await world.create()).id });
    await reader.next();
    const by = '2030-01-01T01:00:00.000Z';
    world.feeds.announceRestart(Date.parse(by));
    expect(await reader.next()).toEqual({ type: 'restarting', by });
    const later = new EventReader(world, { id: (await world.create()).id });
    expect(await later.next()).toMatchObject({ type: 'snapshot', meeting: { restartsBy: by } });
  });

  it('a stream starts with a snapshot and goes on with events', async () => {
    const { id } = await world.create();
    const reader = new EventReader(world, { id });
    expect(await reader.next()).toMatchObject({ type: 'snapshot', meeting: { id, people: [] } });
    const ada = await world.join(id, { avatar: 'ada' });
    await world.join(id, { role: 'spectator' });
    await world.meetings.leave({ id, stayToken: ada.stayToken }, world.caller());
    expect(await reader.take(3)).toEqual([
      { type: 'joined', person: { id: ada.personId, name: 'Ada', avatar: 'ada', seat: 0, endpoint: null } },
      { type: 'spectators', count: 1 },
      { type: 'left', personId: ada.personId, seat: 0, reason: 'left' },
    ]);
    await reader.drop();
  });

  it('a stream announces the tier whenever it changes, and only then', async () => {
    const { id } = await world.create();
    const reader = new EventReader(world, { id });
    await reader.next();
    const grants = [];
    for (let seat = 0; seat < 10; seat += 1) grants.push(await world.join(id));
    for (const { stayToken } of grants) await world.meetings.leave({ id, stayToken }, world.caller());
    const events = await reader.take(24);
    const tiers = events.flatMap((event) => (event?.type === 'tier' ? [`${event.tier.name} ${event.seated}`] : []));
    expect(tiers).toEqual(['medium 5', 'low 10', 'medium 9', 'high 4']);
    await reader.drop();
  });

  it("the tier is never better than the operator's best", async () => {
    world = createWorld(store, { bestTier: 'low' });
    const { meeting } = await world.create();
    expect(meeting.tier.name).toBe('low');
  });

  it('a person who takes over their own seat is announced as joined, not as left', async () => {
    const { id } = await world.create();
    const identity = 'a secret of the client';
    const { personId } = await world.join(id, { identity });
    const reader = new EventReader(world, { id });
    await reader.next();
    await world.join(id, { identity, name: 'Ada L.' });
    await world.join(id, { identity, role: 'spectator' });
    expect(await reader.take(3)).toEqual([
      { type: 'joined', person: { id: personId, name: 'Ada L.', avatar: 'ada', seat: 0, endpoint: null } },
      { type: 'left', personId, seat: 0, reason: 'replaced' },
      { type: 'spectators', count: 1 },
    ]);
    await reader.drop();
  });

  it('a new name or avatar of a participant is announced as changed, that of a spectator is not', async () => {
    const { id } = await world.create();
    const { personId, stayToken } = await world.join(id);
    const watching = await world.join(id, { role: 'spectator' });
    const reader = new EventReader(world, { id });
    await reader.next();
    await world.meetings.change({ id, stayToken, avatar: 'bo:skin=cocoa' }, world.caller());
    await world.meetings.change({ id, stayToken: watching.stayToken, avatar: 'bo' }, world.caller());
    await world.meetings.change({ id, stayToken, name: ' Ada  L.\u202e ' }, world.caller());
    expect(await reader.take(2)).toEqual([
      { type: 'changed', person: { id: personId, name: 'Ada', avatar: 'bo:skin=cocoa', seat: 0, endpoint: null } },
      { type: 'changed', person: { id: personId, name: 'Ada L.', avatar: 'bo:skin=cocoa', seat: 0, endpoint: null } },
    ]);
    await reader.drop();
  });

  it('the endpoint that a participant reports is announced with its nonce, that of a spectator is not', async () => {
    const { id } = await world.create();
    const { personId, stayToken } = await world.join(id);
    const watching = await world.join(id, { role: 'spectator' });
    const reader = new EventReader(world, { id });
    await reader.next();
    const claim = (token: string, endpointId: string) =>
      world.meetings.claim({ id, stayToken: token, endpointId }, world.caller());
    const first = await claim(stayToken, 'e1');
    expect((await claim(watching.stayToken, 'e2')).nonce).toMatch(/^[0-9a-f]{32}$/);
    const second = await claim(stayToken, 'e1');
    expect(second.nonce).not.toBe(first.nonce);
    const person = { id: personId, name: 'Ada', avatar: 'ada', seat: 0 };
    expect(await reader.take(2)).toEqual([
      { type: 'changed', person: { ...person, endpoint: { id: 'e1', occupantId: null, nonce: first.nonce } } },
      { type: 'changed', person: { ...person, endpoint: { id: 'e1', occupantId: null, nonce: second.nonce } } },
    ]);
    await reader.drop();
  });

  it('the stream of a replaced stay ends with that reason', async () => {
    const { id } = await world.create();
    const identity = 'a secret of the client';
    const { stayToken } = await world.join(id, { identity });
    const reader = new EventReader(world, { id, stayToken });
    await reader.next();
    await world.join(id, { identity });
    expect(await reader.next()).toMatchObject({ type: 'joined' });
    await expect(reader.next()).rejects.toMatchObject({ reason: 'replaced' });
    await expect(new EventReader(world, { id, stayToken }).next()).rejects.toMatchObject({ reason: 'replaced' });
  });

  it('every stream ends after the meeting has ended', async () => {
    const made = await world.create();
    const { stayToken } = await world.join(made.id);
    const readers = [new EventReader(world, made), new EventReader(world, { id: made.id, stayToken })];
    for (const reader of readers) await reader.next();
    await world.meetings.end(made, world.caller());
    for (const reader of readers) {
      expect(await reader.next()).toEqual({ type: 'ended', endedAt: new Date(START_MS).toISOString() });
      expect(await reader.next()).toBeNull();
    }
    await expect(new EventReader(world, made).next()).rejects.toMatchObject({ reason: 'ended' });
  });

  it('a stream ends quietly after its stay was left, and with a reason after a timeout', async () => {
    const { id } = await world.create();
    const [one, two] = [await world.join(id), await world.join(id)];
    const leaver = new EventReader(world, { id, stayToken: one.stayToken });
    const dead = new EventReader(world, { id, stayToken: two.stayToken });
    await leaver.next();
    await dead.next();
    await world.meetings.leave({ id, stayToken: one.stayToken }, world.caller());
    expect(await leaver.next()).toBeNull();
    expect(await dead.next()).toMatchObject({ type: 'left', personId: one.personId });
    await world.pass(15_000);
    await expect(dead.next()).rejects.toMatchObject({ reason: 'tokenExpired' });
  });

  it('streams of an unknown meeting or stay are refused and not kept', async () => {
    const { id } = await world.create();
    await expect(new EventReader(world, { id: 'never-created' }).next()).rejects.toMatchObject({
      reason: 'notFound',
    });
    await expect(new EventReader(world, { id, stayToken: 'guessed' }).next()).rejects.toMatchObject({
      reason: 'tokenInvalid',
    });
  });

  it('every stream ends with unavailable when the process stops, so that its reader comes back', async () => {
    const { id } = await world.create();
    const reader = new EventReader(world, { id });
    await reader.next();
    world.feeds.close();
    await expect(reader.next()).rejects.toMatchObject({ reason: 'unavailable' });
  });

  it('a reader that is too slow gets a new snapshot in place of the events it missed', async () => {
    const { id } = await world.create();
    const reader = new EventReader(world, { id });
    await reader.next();
    for (let turn = 0; turn < 40; turn += 1) {
      const { stayToken } = await world.join(id);
      await world.meetings.leave({ id, stayToken }, world.caller());
    }
    await world.join(id, { name: 'Last' });
    expect(await reader.next()).toMatchObject({ type: 'snapshot', meeting: { people: [{ name: 'Last' }] } });
    await reader.drop();
  });

  it('a follower ends up with the current meeting, whatever happens while it starts', {
    timeout: 60_000,
  }, async () => {
    const step = fc.record({
      what: fc.constantFrom('join', 'watch', 'again', 'leave', 'follow', 'wait', 'sweep'),
      who: fc.nat(5),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 24 }), async (steps) => {
        world = createWorld(store);
        const { id } = await world.create(4);
        const stays = new Map<number, string>();
        const readers: EventReader[] = [];
        const tasks = steps.map(async ({ what, who }) => {
          const identity = `identity of person number ${who}`;
          if (what === 'join' || what === 'again') {
            const grant = await world.join(id, { identity }).catch(() => null);
            if (grant) stays.set(who, grant.stayToken);
          }
          if (what === 'watch') await world.join(id, { identity, role: 'spectator' });
          const stayToken = stays.get(who);
          if (what === 'leave' && stayToken) await world.meetings.leave({ id, stayToken }, world.caller());
          if (what === 'follow') readers.push(new EventReader(world, { id }));
          if (what === 'wait') world.pause(1500);
          if (what === 'sweep') await world.meetings.sweep();
        });
        const known = readers.map((): MeetingView | null => null);
        const reading = readers.map(async (reader, index) => {
          for (let event = await reader.next(); event; event = await reader.next())
            known[index] = apply(known[index] ?? null, event);
        });
        await Promise.all(tasks);
        const truth = await world.feeds.inTurn(id, () => world.feeds.view(id));
        // Every reader gets the waiting events before its stream ends.
        world.feeds.close();
        await Promise.allSettled(reading);
        expect(known).toEqual(readers.map(() => truth));
      }),
      { numRuns: 40 },
    );
  });
});
