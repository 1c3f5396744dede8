import { beforeEach, describe, expect, it } from 'vitest';
import { ParleyApiError } from '@/lib/api';
import { AttendanceWorld, received } from './attendanceWorld';

let world: AttendanceWorld;
beforeEach(() => {
  world = new AttendanceWorld();
});

describe('joining', () => {
  it('a join takes a seat, goes live, and sends poses to the other participants', async () => {
    const [ana, bo] = [await world.joined('ana'), await world.joined('bo')];
    expect(ana.phases).toEqual(['connecting', 'live']);
    expect(ana.attendance.state).toMatchObject({
      granted: { self: { id: 'person-ana', seat: 0, role: 'participant' } },
    });
    expect(world.seats()).toEqual([
      ['person-ana', 0],
      ['person-bo', 1],
    ]);
    await world.pass(500);
    expect(received(bo, 'ana')).toBeGreaterThan(5);
    expect(received(ana, 'bo')).toBeGreaterThan(5);
  });

  it('a spectator joins without a seat and sends nothing', async () => {
    const ana = await world.joined('ana');
    const spectator = await world.joined('sam', 'spectator');
    await world.pass(500);
    expect(spectator.attendance.state).toMatchObject({ granted: { self: { id: 'person-sam', role: 'spectator' } } });
    expect(spectator.attendance.exchange?.sent.posesSent).toBe(0);
    expect(received(spectator, 'ana')).toBeGreaterThan(5);
    expect(ana.attendance.exchange?.sent.posesSent).toBeGreaterThan(5);
    expect(world.seats()).toHaveLength(1);
  });

  it('an attendance joins only once', async () => {
    const ana = await world.joined('ana');
    await expect(ana.attendance.join()).rejects.toThrow('joins once');
  });

  it('a join to a full meeting fails at once, with the number of seats', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await world.joined(name);
    const late = await world.joined('late');
    expect(late.attendance.state).toMatchObject({ phase: 'failed', failure: { reason: 'full', limit: 4 } });
    expect(late.connections).toHaveLength(1);
    expect(late.phases).toEqual(['connecting', 'failed']);
  });

  it.each(['notFound', 'forbidden', 'badInput', 'replaced', 'tokenInvalid'] as const)(
    'a join fails at once if the API says %s',
    async (reason) => {
      world.api.refusals.push(new ParleyApiError({ reason }, reason));
      const ana = await world.joined('ana');
      expect(ana.attendance.state).toMatchObject({ phase: 'failed', failure: { reason } });
      expect(ana.connections).toHaveLength(1);
    },
  );

  it.each(['kicked', 'notAllowed'] as const)('a join fails at once if Jitsi says %s', async (reason) => {
    world.refuse(9, reason);
    const ana = await world.joined('ana');
    expect(ana.attendance.state).toMatchObject({ phase: 'failed', failure: { reason } });
    expect(world.seats()).toEqual([]);
  });

  it('a join to an ended meeting ends as ended by the host', async () => {
    world.api.end();
    const ana = await world.joined('ana');
    expect(ana.attendance.state).toEqual({ phase: 'ended', by: 'host' });
  });

  it('a join is retried while Jitsi is unreachable, and stays connecting meanwhile', async () => {
    world.refuse(3, 'unreachable');
    const ana = world.attendee('ana');
    const joining = ana.attendance.join();
    await world.pass(1_700);
    expect(ana.phases).toEqual(['connecting']);
    await world.pass(300);
    await joining;
    expect(ana.phases).toEqual(['connecting', 'live']);
    expect(ana.connections).toHaveLength(4);
    expect(world.seats()).toEqual([['person-ana', 0]]);
  });

  it('a join is retried while the API is unreachable', async () => {
    world.api.isOffline = true;
    const ana = world.attendee('ana');
    void ana.attendance.join();
    await world.pass(600);
    expect(ana.phases).toEqual(['connecting']);
    world.api.isOffline = false;
    await world.pass(2_000);
    expect(ana.attendance.state.phase).toBe('live');
  });

  it('a join fails within eight seconds if Jitsi stays unreachable, and frees the seat', async () => {
    world.refuse(99, 'libraryUnavailable');
    const ana = world.attendee('ana');
    void ana.attendance.join();
    await world.pass(8_000);
    expect(ana.attendance.state).toMatchObject({ phase: 'failed', failure: { reason: 'libraryUnavailable' } });
    expect(world.seats()).toEqual([]);
    expect(ana.connections.length).toBeLessThan(8);
  });

  it('a join over a socket that stays silent is tried again over a fresh one after ten seconds', async () => {
    world.jitsi = (transport) => transport.hangUntilClosed();
    const ana = world.attendee('ana');
    const joining = ana.attendance.join();
    await world.pass(9_900);
    expect(ana.connections).toHaveLength(1);
    world.jitsi = async () => {};
    await world.pass(500);
    await joining;
    expect(ana.phases).toEqual(['connecting', 'live']);
    expect(ana.connections).toHaveLength(2);
    expect(world.seats()).toEqual([['person-ana', 0]]);
  });

  it('a join whose every socket stays silent fails after thirty seconds, and frees the seat', async () => {
    world.jitsi = (transport) => transport.hangUntilClosed();
    const ana = world.attendee('ana');
    const joining = ana.attendance.join();
    await world.pass(29_900);
    expect(ana.phases).toEqual(['connecting']);
    await world.pass(200);
    await joining;
    expect(ana.attendance.state).toMatchObject({ phase: 'failed', failure: { reason: 'unreachable' } });
    expect(ana.connections).toHaveLength(2);
    expect(world.seats()).toEqual([]);
  });

  it('a join that the API does not answer is asked for again after ten seconds', async () => {
    const answer = world.api.holdNext('join');
    const ana = world.attendee('ana');
    const joining = ana.attendance.join();
    await world.pass(10_500);
    await joining;
    expect(ana.attendance.state.phase).toBe('live');
    answer();
    await world.settle();
    expect(ana.attendance.state.phase).toBe('live');
    expect(world.seats()).toEqual([['person-ana', 0]]);
  });

  it('waits that the API asks for do not count towards the ten seconds', async () => {
    const busy = new ParleyApiError({ reason: 'tooManyRequests', retryAfterMs: 5_000 }, 'Wait.');
    world.api.refusals.push(busy, busy, busy, busy);
    const ana = world.attendee('ana');
    void ana.attendance.join();
    await world.pass(20_100);
    expect(ana.attendance.state.phase).toBe('live');
    expect(ana.connections).toHaveLength(1);
  });

  it('a join waits as long as the API asks, on the same connection', async () => {
    const busy = new ParleyApiError({ reason: 'tooManyRequests', retryAfterMs: 3_000 }, 'Wait.');
    world.api.refusals.push(busy, busy);
    const ana = world.attendee('ana');
    void ana.attendance.join();
    await world.pass(5_900);
    expect(ana.phases).toEqual(['connecting']);
    await world.pass(200);
    expect(ana.attendance.state.phase).toBe('live');
    expect(ana.connections).toHaveLength(1);
  });

  it('a join fails if the API asks for a wait of a minute', async () => {
    world.api.refusals.push(new ParleyApiError({ reason: 'tooManyRequests', retryAfterMs: 60_000 }, 'Wait.'));
    const ana = await world.joined('ana');
    expect(ana.attendance.state).toMatchObject({ phase: 'failed', failure: { reason: 'tooManyRequests' } });
  });

  it('a join cancelled between two attempts makes no further one', async () => {
    world.refuse(99, 'unreachable');
    const ana = world.attendee('ana');
    const joining = ana.attendance.join();
    await world.pass(100);
    await ana.attendance.leave();
    await joining;
    await world.pass(5_000);
    expect(ana.attendance.state).toEqual({ phase: 'ended', by: 'self' });
    expect(world.api.joins).toHaveLength(1);
    expect(world.seats()).toEqual([]);
  });

  it('a join cancelled before the API answers frees the seat once the answer arrives', async () => {
    const answer = world.api.holdNext('join');
    const ana = world.attendee('ana');
    const joining = ana.attendance.join();
    await world.settle();
    expect(world.seats()).toHaveLength(1);
    await ana.attendance.leave();
    answer();
    await joining;
    await world.settle();
    expect(world.seats()).toEqual([]);
    expect(ana.phases).toEqual(['connecting', 'ended']);
  });

  it('a join cancelled while Jitsi is slow disconnects and frees the seat', async () => {
    world.jitsi = (transport) => transport.hangUntilClosed();
    const ana = world.attendee('ana');
    const joining = ana.attendance.join();
    await world.settle();
    await ana.attendance.leave();
    await joining;
    expect(ana.transport.state).toBe('closed');
    expect(ana.phases).toEqual(['connecting', 'ended']);
    expect(world.seats()).toEqual([]);
  });

  it('a join whose stay expires while Jitsi is slow enters again', async () => {
    world.jitsi = (transport) => transport.hangUntilClosed();
    const ana = world.attendee('ana');
    const joining = ana.attendance.join();
    await world.settle();
    world.api.forgetStays();
    world.jitsi = async () => {};
    await world.pass(6_000);
    await joining;
    expect(ana.phases).toEqual(['connecting', 'live']);
    expect(ana.connections).toHaveLength(2);
  });
});
