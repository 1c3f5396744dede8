import { beforeEach, describe, expect, it } from 'vitest';
import { MEETING_ID_PATTERN } from '@/lib/core/meetingId';
import { MeetingError } from '@/server/services/meetings/meetingError';
import { createWorld, EventReader, START_MS } from '@/tests/server/services/meetings/meetingWorld';
import { MemoryMeetingStore } from '@/tests/support/memoryMeetingStore';

const store = new MemoryMeetingStore();
let world: ReturnType<typeof createWorld>;
beforeEach(() => {
  world = createWorld(store);
});

const IDENTITY = 'a secret of the client';

/** The process events of a meeting from now on. */
function heardOf(id: string) {
  const all: unknown[] = [];
  const keep = (event: { readonly id: string }) => event.id === id && all.push(event);
  world.meetings.events.on('left', keep);
  world.meetings.events.on('ended', keep);
  return all;
}

describe('a server that was away', () => {
  it('after a restart every stay lives once more, except those that ran out long before', async () => {
    const { id } = await world.create();
    const ann = await world.join(id, { identity: IDENTITY });
    const restarted = (sinceMs: number) => createWorld(store, { startMs: START_MS + sinceMs });
    const second = restarted(60_000);
    await second.pass(14_500);
    await second.meetings.heartbeat({ id, stayToken: ann.stayToken }, second.caller());
    const third = restarted(60_000 + 14_500 + 15_000 + 600_001);
    await third.pass(500);
    expect((await third.meetings.get(id, third.caller())).people).toEqual([]);
  });

  it('a stream that the server closes itself does not shorten its stay', async () => {
    const { id } = await world.create();
    const ann = await world.join(id);
    const reader = new EventReader(world, { id, stayToken: ann.stayToken });
    await reader.next();
    world.meetings.stop();
    await reader.drop();
    await world.pass(4000);
    expect((await world.meetings.get(id, world.caller())).people).toHaveLength(1);
  });
});

describe('create', () => {
  it('a new meeting has an unguessable id, a host token and links', async () => {
    const made = await world.create();
    expect(made.id).toMatch(MEETING_ID_PATTERN);
    expect(made.joinUrl).toBe(`http://site/m/${made.id}`);
    expect(made.spectateUrl).toBe(`http://site/m/${made.id}/watch`);
    expect(made.hostToken.length).toBeGreaterThanOrEqual(43);
    expect(made.meeting).toMatchObject({ id: made.id, maxParticipants: 16, people: [], spectators: 0, endedAt: null });
    expect(made.meeting.createdAt).toBe(new Date(START_MS).toISOString());
  });

  it('no meeting is created before the process ends, and those there are can be joined', async () => {
    const { id } = await world.create();
    const draining = createWorld(store, { isDraining: () => true });
    await expect(draining.create()).rejects.toMatchObject({ reason: 'unavailable' });
    expect((await draining.join(id)).seat).toBe(0);
  });

  it('a chosen id can be used once, and never again after the end', async () => {
    const made = await world.meetings.create({ id: 'our-weekly', title: ' Our \u202Eweekly ' }, world.caller());
    expect(made.meeting.title).toBe('Our weekly');
    const again = () => world.meetings.create({ id: 'our-weekly' }, world.caller());
    await expect(again()).rejects.toMatchObject({ reason: 'exists' });
    await world.meetings.end(made, world.caller());
    await expect(again()).rejects.toMatchObject({ reason: 'exists' });
  });

  it.each([1, 17, 2.5, Number.NaN])('a meeting of %d seats is refused', async (seats) => {
    await expect(world.create(seats)).rejects.toMatchObject({ reason: 'badInput' });
  });
});

describe('join', () => {
  it('a join gives a seat, a token for the conference and the Jitsi coordinates', async () => {
    const { id } = await world.create();
    const grant = await world.join(id, { name: ' Ada\u202E\n L. ', avatar: 'bo' });
    expect(grant).toMatchObject({
      role: 'participant',
      seat: 0,
      joinToken: expect.stringContaining(`token ${id} ${grant.personId} participant `),
      jitsi: { room: id, xmppWebSocketUrl: 'ws://site/xmpp-websocket' },
      bandwidthMaxBps: 1_500_000,
      meeting: {
        people: [{ id: grant.personId, name: 'Ada L.', avatar: 'bo', seat: 0, endpoint: null }],
        tier: { name: 'high' },
      },
    });
    expect(await world.meetings.get(id, world.caller())).toEqual(grant.meeting);
  });

  it('the chosen colours of an avatar are part of the meeting', async () => {
    const { id } = await world.create();
    const { meeting } = await world.join(id, { avatar: 'bo:hair=white,skin=cocoa' });
    expect(meeting.people[0]).toMatchObject({ avatar: 'bo:skin=cocoa,hair=white' });
  });

  it('a participant needs a visible name, a spectator none', async () => {
    const { id } = await world.create();
    await expect(world.join(id, { name: '\u202E ' })).rejects.toMatchObject({ reason: 'badInput' });
    for (const avatar of ['nobody', 'ada:skin=purple', 'ada:clothes=denim']) {
      await expect(world.join(id, { avatar })).rejects.toMatchObject({ reason: 'badInput' });
    }
    const watching = await world.join(id, { role: 'spectator', name: undefined });
    expect(watching).toMatchObject({ seat: null, role: 'spectator', meeting: { people: [], spectators: 1 } });
  });

  it('a join past the limit is refused with the limit', async () => {
    const { id } = await world.create(2);
    await world.join(id);
    await world.join(id);
    await expect(world.join(id)).rejects.toMatchObject({ reason: 'full', data: { limit: 2, instead: 'watch' } });
    expect((await world.join(id, { role: 'spectator' })).seat).toBeNull();
  });

  it('where as many watch as may, others are told to watch the recording as it is made', async () => {
    const crowded = createWorld(new MemoryMeetingStore(), { watchMax: 1 });
    const { id } = await crowded.create(2);
    await crowded.join(id, { role: 'spectator' });
    const data = { limit: 1, instead: 'live' };
    await expect(crowded.join(id, { role: 'spectator' })).rejects.toMatchObject({ reason: 'full', data });
    expect((await crowded.join(id)).seat).toBe(0);
    const closed = createWorld(new MemoryMeetingStore(), { watchMax: 0 });
    const other = await closed.create(2);
    await expect(closed.join(other.id, { role: 'spectator' })).rejects.toMatchObject({ data: { limit: 0 } });
  });

  it('a join is refused for an unknown meeting and after its end', async () => {
    const made = await world.create();
    await world.meetings.end(made, world.caller());
    await expect(world.join(made.id)).rejects.toMatchObject({ reason: 'ended' });
    await expect(world.join('never-created')).rejects.toMatchObject({ reason: 'notFound' });
  });

  it('an identity gets its seat back in a new stay, and the old one is replaced', async () => {
    const { id } = await world.create();
    await world.join(id);
    const all = heardOf(id);
    const first = await world.join(id, { identity: IDENTITY });
    const again = await world.join(id, { identity: IDENTITY, name: 'Ada L.' });
    expect(again).toMatchObject({ personId: first.personId, seat: 1 });
    expect(again.stayToken).not.toBe(first.stayToken);
    const old = { id, stayToken: first.stayToken };
    await expect(world.meetings.heartbeat(old, world.caller())).rejects.toMatchObject({ reason: 'replaced' });
    expect(all).toEqual([{ id, personId: first.personId, stayId: expect.any(String), reason: 'replaced' }]);
  });
});

describe('change', () => {
  it('a change needs a live stay, a visible name, an existing avatar and something to change', async () => {
    const made = await world.create();
    const { stayToken } = await world.join(made.id);
    const change = (wish: { stayToken?: string; name?: string; avatar?: string }) =>
      world.meetings.change({ id: made.id, stayToken, ...wish }, world.caller());
    await expect(change({ stayToken: 'guessed', name: 'Eve' })).rejects.toMatchObject({ reason: 'tokenInvalid' });
    for (const wish of [{}, { name: ' \u202E' }, { avatar: 'nobody' }, { name: 'Bo', avatar: 'ada:skin=purple' }]) {
      await expect(change(wish)).rejects.toMatchObject({ reason: 'badInput' });
    }
    expect((await world.meetings.get(made.id, world.caller())).people).toMatchObject([{ name: 'Ada', avatar: 'ada' }]);
    await world.pass(15_000);
    await expect(change({ name: 'Bo' })).rejects.toMatchObject({ reason: 'tokenExpired' });
    await world.meetings.end(made, world.caller());
  });

  it('an endpoint is reported by the bearer of a live stay alone', async () => {
    const { id } = await world.create();
    const { stayToken } = await world.join(id, { identity: IDENTITY });
    const claim = (token: string, meetingId = id) =>
      world.meetings.claim({ id: meetingId, stayToken: token, endpointId: 'e1' }, world.caller());
    await expect(claim('not a token')).rejects.toMatchObject({ reason: 'tokenInvalid' });
    await expect(claim(stayToken, (await world.create()).id)).rejects.toMatchObject({ reason: 'tokenInvalid' });
    const { nonce } = await claim(stayToken);
    const again = await world.join(id, { identity: IDENTITY });
    expect(again.meeting.people).toMatchObject([{ endpoint: { id: 'e1', nonce } }]);
    await expect(claim(stayToken)).rejects.toMatchObject({ reason: 'replaced' });
    await world.pass(15_000);
    await expect(claim(again.stayToken)).rejects.toMatchObject({ reason: 'tokenExpired' });
  });

  it('a custom avatar that is not stored is refused', async () => {
    const picky = createWorld(store, {
      requireAvatar: async (avatar) => {
        if (avatar.startsWith('own:')) throw MeetingError.badInput('avatar: it is not here.');
      },
    });
    const { id } = await picky.create();
    const { stayToken } = await picky.join(id);
    const own = `own:${'0'.repeat(64)}`;
    const change = picky.meetings.change({ id, stayToken, avatar: own }, picky.caller());
    await expect(change).rejects.toMatchObject({ reason: 'badInput' });
  });
});

describe('liveness', () => {
  it('a seat is freed 15 s after the last heartbeat, and that is announced', async () => {
    const { id } = await world.create();
    const all = heardOf(id);
    const { personId, stayToken } = await world.join(id);
    const stay = { id, stayToken };
    await world.pass(14_000);
    await world.meetings.heartbeat(stay, world.caller());
    await world.pass(14_999);
    expect(all).toEqual([]);
    await world.pass(1);
    expect(all).toEqual([{ id, personId, stayId: expect.any(String), reason: 'timeout' }]);
    await expect(world.meetings.heartbeat(stay, world.caller())).rejects.toMatchObject({ reason: 'tokenExpired' });
    expect((await world.meetings.get(id, world.caller())).people).toEqual([]);
  });

  it('the seat of a closed tab is freed after 3.5 s unless a reload takes it back', async () => {
    const { id } = await world.create();
    const first = await world.join(id, { identity: IDENTITY });
    await world.meetings.leave({ id, stayToken: first.stayToken, closing: true }, world.caller());
    await world.pass(3499);
    expect((await world.meetings.get(id, world.caller())).people).toHaveLength(1);
    const again = await world.join(id, { identity: IDENTITY });
    expect(again.seat).toBe(0);
    await world.meetings.leave({ id, stayToken: again.stayToken, closing: true }, world.caller());
    await world.pass(3500);
    expect((await world.meetings.get(id, world.caller())).people).toEqual([]);
  });

  it('a dropped event stream shortens the stay to 3.5 s, and a heartbeat restores it', async () => {
    const { id } = await world.create();
    const { stayToken } = await world.join(id);
    const stay = { id, stayToken };
    const reader = new EventReader(world, stay);
    await reader.next();
    await reader.drop();
    await world.pass(3000);
    await world.meetings.heartbeat(stay, world.caller());
    await world.pass(14_999);
    expect((await world.meetings.get(id, world.caller())).people).toHaveLength(1);
    const other = new EventReader(world, stay);
    await other.next();
    await other.drop();
    await world.pass(3500);
    expect((await world.meetings.get(id, world.caller())).people).toEqual([]);
  });

  it('a dropped stream does not shorten a stay with a newer stream open', async () => {
    const { id } = await world.create();
    const { stayToken } = await world.join(id);
    const older = new EventReader(world, { id, stayToken });
    const newer = new EventReader(world, { id, stayToken });
    await older.next();
    await newer.next();
    await older.drop();
    await world.pass(5000);
    expect((await world.meetings.get(id, world.caller())).people).toHaveLength(1);
    await newer.drop();
  });

  it('leaving takes effect at once, and only with the own token', async () => {
    const { id } = await world.create();
    const all = heardOf(id);
    const { personId, stayToken } = await world.join(id);
    await expect(world.meetings.leave({ id, stayToken: 'guessed' }, world.caller())).rejects.toMatchObject({
      reason: 'tokenInvalid',
    });
    await world.meetings.leave({ id, stayToken }, world.caller());
    await world.meetings.leave({ id, stayToken }, world.caller());
    expect(all).toEqual([{ id, personId, stayId: expect.any(String), reason: 'left' }]);
  });
});

describe('end', () => {
  it('only the host can end a meeting, once', async () => {
    const made = await world.create();
    const all = heardOf(made.id);
    const { stayToken } = await world.join(made.id);
    await expect(world.meetings.end({ id: made.id, hostToken: 'guessed' }, world.caller())).rejects.toMatchObject({
      reason: 'forbidden',
    });
    const ended = await world.meetings.end(made, world.caller());
    expect(ended).toMatchObject({ endedAt: new Date(START_MS).toISOString(), people: [] });
    await expect(world.meetings.end(made, world.caller())).rejects.toMatchObject({ reason: 'ended' });
    await expect(world.meetings.heartbeat({ id: made.id, stayToken }, world.caller())).rejects.toMatchObject({
      reason: 'ended',
    });
    expect(all).toEqual([{ id: made.id }]);
  });
});

describe('isStaying', () => {
  /** Ids of the stays that tokens were issued for. */
  const stayIdOf = ({ joinToken }: { readonly joinToken: string }) => joinToken.split(' ').at(-1)!;

  it('a join token is for the stay that it was issued with, and lasts as long as that', async () => {
    const made = await world.create();
    const [left, replaced, here] = [
      await world.join(made.id),
      await world.join(made.id, { identity: IDENTITY }),
      await world.join(made.id, { identity: IDENTITY }),
    ];
    expect(await world.meetings.isStaying(stayIdOf(left))).toBe(true);
    await world.meetings.leave({ id: made.id, stayToken: left.stayToken }, world.caller());
    expect(await world.meetings.isStaying(stayIdOf(left))).toBe(false);
    expect(await world.meetings.isStaying(stayIdOf(replaced))).toBe(false);
    expect(await world.meetings.isStaying(stayIdOf(here))).toBe(true);
    await world.meetings.end(made, world.caller());
    expect(await world.meetings.isStaying(stayIdOf(here))).toBe(false);
    expect(await world.meetings.isStaying('never issued')).toBe(false);
  });

  it('a database that is away keeps no one out of a running meeting', async () => {
    const own = new MemoryMeetingStore();
    const away = createWorld(own);
    const { id } = await away.create();
    const ann = await away.join(id);
    await own.close();
    expect(await away.meetings.isStaying(stayIdOf(ann))).toBe(true);
  });
});

describe('reports about the deployment', () => {
  it('a client in a meeting reports a fault, also when its stay has just ended, and nobody else does', async () => {
    const { id } = await world.create();
    const { stayToken } = await world.join(id);
    const report = (token: string) =>
      world.meetings.reportFault(
        { id, stayToken: token, fault: 'signature', said: 'Invalid signature' },
        world.caller(),
      );
    await report(stayToken);
    await world.meetings.leave({ id, stayToken }, world.caller());
    await report(stayToken);
    await expect(report('made up')).rejects.toMatchObject({ reason: 'tokenInvalid' });
    await world.pass(61_000);
    await expect(report(stayToken)).rejects.toMatchObject({ reason: 'tokenInvalid' });
    expect(world.faults).toEqual(['signature: Invalid signature', 'signature: Invalid signature']);
  });

  it('an address reports thirty faults at once, then one every ten seconds', async () => {
    const { id } = await world.create();
    const { stayToken } = await world.join(id);
    const caller = world.caller();
    const report = () => world.meetings.reportFault({ id, stayToken, fault: 'owner' }, caller);
    for (let call = 0; call < 30; call += 1) await report();
    await expect(report()).rejects.toMatchObject({ reason: 'tooManyRequests', data: { retryAfterMs: 10_000 } });
    expect(world.faults).toHaveLength(30);
  });
});

describe('rate limits', () => {
  it('create, join, claim and change let a burst through and then say how long to wait', async () => {
    const caller = world.caller();
    const { id } = await world.create();
    for (let call = 0; call < 30; call += 1) await world.meetings.create({}, caller);
    await expect(world.meetings.create({}, caller)).rejects.toMatchObject({
      reason: 'tooManyRequests',
      data: { retryAfterMs: 2000 },
    });
    const join = () => world.meetings.join({ id, role: 'spectator' }, caller);
    for (let call = 0; call < 64; call += 1) await join();
    await expect(join()).rejects.toMatchObject({ reason: 'tooManyRequests', data: { retryAfterMs: 500 } });
    const { stayToken } = await world.join(id);
    const claim = () => world.meetings.claim({ id, stayToken, endpointId: 'e1' }, caller);
    for (let call = 0; call < 20; call += 1) await claim();
    await expect(claim()).rejects.toMatchObject({ reason: 'tooManyRequests', data: { retryAfterMs: 1000 } });
    const change = () => world.meetings.change({ id, stayToken, avatar: 'bo' }, caller);
    for (let call = 0; call < 30; call += 1) await change();
    await expect(change()).rejects.toMatchObject({ reason: 'tooManyRequests', data: { retryAfterMs: 2000 } });
  });

  it('after ten misses a minute even a hit is refused', async () => {
    const caller = world.caller();
    const { id } = await world.create();
    for (let call = 0; call < 10; call += 1) {
      await expect(world.meetings.get(`guess-${call}`, caller)).rejects.toMatchObject({ reason: 'notFound' });
    }
    await expect(world.meetings.get(id, caller)).rejects.toMatchObject({ reason: 'tooManyRequests' });
    world.clock.advance(6000);
    expect((await world.meetings.get(id, caller)).id).toBe(id);
  });

  it('creating a meeting under a chosen id tells no more about ids than looking them up', async () => {
    const caller = world.caller();
    const taken = Array.from({ length: 12 }, (_, index) => `taken-${index}`);
    for (const id of taken) await world.meetings.create({ id }, world.caller());
    const guess = (id: string) => world.meetings.create({ id }, caller).catch((error: MeetingError) => error.reason);
    const answers = [];
    for (const id of taken) answers.push(await guess(id));
    expect(answers).toEqual([...Array(10).fill('exists'), 'tooManyRequests', 'tooManyRequests']);
    expect(await guess('not-taken-yet')).toBe('tooManyRequests');
    expect((await world.meetings.create({}, caller)).id).toMatch(MEETING_ID_PATTERN);
  });

  it('a burst of guesses at once does not tell a hit from the misses past the limit', async () => {
    const caller = world.caller();
    const { id } = await world.create();
    const guesses = [...Array.from({ length: 40 }, (_, index) => `guess-${index}`), id];
    const answers = await Promise.all(
      guesses.map((each) =>
        world.meetings.get(each, caller).then(
          () => 'found',
          (error: MeetingError) => error.reason,
        ),
      ),
    );
    expect(answers.filter((answer) => answer === 'notFound')).toHaveLength(10);
    expect(answers.at(-1)).toBe('tooManyRequests');
  });

  it('a client that uses up the limit of its address cuts off none of the people there who are in a meeting', async () => {
    const caller = world.caller();
    const { id } = await world.create();
    const { stayToken } = await world.join(id);
    const beatUntilRefused = async (token: string) => {
      for (;;) await world.meetings.heartbeat({ id, stayToken: token }, caller).catch(unlessInvalid);
    };
    await expect(beatUntilRefused('guessed')).rejects.toMatchObject({ reason: 'tooManyRequests' });
    await world.meetings.heartbeat({ id, stayToken }, caller);
    const events = world.meetings.watch({ id, stayToken }, caller);
    expect((await events.next()).value).toMatchObject({ type: 'snapshot' });
    await events.return();
    await expect(beatUntilRefused(stayToken)).rejects.toMatchObject({
      reason: 'tooManyRequests',
      data: { retryAfterMs: 1000 },
    });
  });
});

describe('people behind one address', () => {
  it('a guesser of ids behind the same address keeps nobody in a meeting from following it', async () => {
    const caller = world.caller();
    const { id } = await world.create();
    const other = await world.create();
    const { stayToken } = await world.join(id);
    for (let call = 0; call < 12; call += 1) await world.meetings.get(`guess-${call}`, caller).catch(() => {});
    await expect(world.meetings.get(id, caller)).rejects.toMatchObject({ reason: 'tooManyRequests' });
    const events = world.meetings.watch({ id, stayToken }, caller);
    expect((await events.next()).value).toMatchObject({ type: 'snapshot' });
    await events.return();
    // A stay in another meeting is no licence to guess.
    for (const each of [other.id, 'guess-again']) {
      const guess = world.meetings.watch({ id: each, stayToken }, caller);
      await expect(guess.next()).rejects.toMatchObject({ reason: 'tooManyRequests' });
    }
  });

  it('somebody who reports made-up endpoints there keeps none of those in a meeting from reporting theirs', async () => {
    const caller = world.caller();
    const { id } = await world.create();
    const { stayToken } = await world.join(id);
    const claim = (token: string) => world.meetings.claim({ id, stayToken: token, endpointId: 'abcd1234' }, caller);
    const claimUntilRefused = async (token: string) => {
      for (;;) await claim(token).catch(unlessInvalid);
    };
    await expect(claimUntilRefused('guessed')).rejects.toMatchObject({ reason: 'tooManyRequests' });
    expect((await claim(stayToken)).nonce).not.toBe('');
    await expect(claimUntilRefused(stayToken)).rejects.toMatchObject({ reason: 'tooManyRequests' });
  });
});

function unlessInvalid(error: MeetingError): void {
  if (error.reason !== 'tokenInvalid') throw error;
}
