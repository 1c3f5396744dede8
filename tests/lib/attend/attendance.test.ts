import { beforeEach, describe, expect, it } from 'vitest';
import { createIdleSource } from '@/lib/motion/idleSource';
import type { MotionSource } from '@/lib/motion/motionSource';
import { TIERS } from '@/lib/quality/tiers';
import { BANDWIDTH_MAX_BPS } from '@/tests/support/fakeMeetingApi';
import { AttendanceWorld, received } from './attendanceWorld';

let world: AttendanceWorld;
beforeEach(() => {
  world = new AttendanceWorld();
});

describe('what moves the local participant', () => {
  function lateMotion() {
    let arrive: (motion: MotionSource) => void = () => {};
    let fail: (error: Error) => void = () => {};
    const motion = new Promise<MotionSource>((resolve, reject) => {
      arrive = resolve;
      fail = reject;
    });
    return { arrive: () => arrive(createIdleSource(1)), fail: () => fail(new Error('no motion')), motion };
  }

  it('a join does not wait for its motion, which is sent once loaded', async () => {
    const { motion, arrive } = lateMotion();
    const ana = await world.joined('ana', 'participant', { motionOf: () => motion });
    await world.pass(200);
    expect(ana.attendance.state.phase).toBe('live');
    expect(ana.attendance.exchange?.sent.posesSent).toBe(0);
    arrive();
    await world.pass(300);
    expect(ana.attendance.exchange?.sent.posesSent).toBeGreaterThan(0);
  });

  it('a motion that loads after leaving is not sent', async () => {
    const { motion, arrive } = lateMotion();
    const ana = await world.joined('ana', 'participant', { motionOf: () => motion });
    await world.joined('bo');
    const { exchange } = ana.attendance;
    await ana.attendance.leave();
    arrive();
    await world.pass(300);
    expect(exchange?.quality).toBeNull();
    expect(exchange?.sent.posesSent).toBe(0);
  });

  it('a motion that does not load leaves the participant in the meeting', async () => {
    const { motion, fail } = lateMotion();
    const ana = await world.joined('ana', 'participant', { motionOf: () => motion });
    fail();
    await world.settle();
    expect(ana.attendance.state.phase).toBe('live');
    expect(world.logged).toContainEqual({ level: 'warn', message: 'the avatar stays still: its motion did not load' });
  });

  it('a motion that did not load is loaded when the transport has come back', async () => {
    const motions = [() => Promise.reject(new Error('no network')), () => createIdleSource(1)];
    const ana = await world.joined('ana', 'participant', { motionOf: () => motions.shift()!() });
    await world.pass(300);
    expect(ana.attendance.exchange?.sent.posesSent).toBe(0);
    ana.transport.lose();
    await ana.transport.comeBack();
    await world.pass(300);
    expect(ana.attendance.exchange?.sent.posesSent).toBeGreaterThan(0);
    ana.transport.lose();
    await ana.transport.comeBack();
    expect(motions).toEqual([]);
  });
});

describe('while attending', () => {
  it('an attendance follows people who join and leave, and the tier', async () => {
    const ana = await world.joined('ana');
    const names = () => {
      const { state } = ana.attendance;
      return state.phase === 'live' ? state.granted.meeting.people.map(({ name }) => name) : [];
    };
    const bo = await world.joined('bo');
    expect(names()).toEqual(['ana', 'bo']);
    await bo.attendance.leave();
    expect(names()).toEqual(['ana']);
    world.api.announce(TIERS.low);
    expect(ana.attendance.exchange?.quality?.tier).toEqual(TIERS.low);
  });

  it('an attendance knows the bandwidth that the API allows', async () => {
    const ana = await world.joined('ana');
    expect(ana.attendance.state).toMatchObject({ granted: { bandwidthMaxBps: BANDWIDTH_MAX_BPS } });
  });

  it('a change of name and avatar reaches all; a refused one changes nothing', async () => {
    const [ana, bo] = [await world.joined('ana'), await world.joined('bo')];
    await ana.attendance.changeAppearance({ name: 'Ana L.', avatar: 'cleo' });
    const expected = { id: 'person-ana', name: 'Ana L.', avatar: 'cleo', seat: 0 };
    expect(ana.attendance.state).toMatchObject({ granted: { self: expected } });
    expect(bo.attendance.state).toMatchObject({ granted: { meeting: { people: [expected, { id: 'person-bo' }] } } });
    await expect(ana.attendance.changeAppearance({ name: '', avatar: 'bo' })).rejects.toMatchObject({
      reason: 'badInput',
    });
    expect(ana.attendance.state).toMatchObject({ granted: { self: expected } });
  });

  it('garbage over the conference is dropped and counted, and the attendance goes on', async () => {
    const [ana, bo] = [await world.joined('ana'), await world.joined('bo')];
    await world.pass(300);
    for (let length = 0; length < 300; length += 1) {
      const garbage = Uint8Array.from({ length }, (_, k) => (length * 31 + k * 17) & 0xff);
      bo.transport.broadcast(garbage, length);
    }
    const before = received(bo, 'ana');
    await world.pass(1_500);
    expect(ana.attendance.state.phase).toBe('live');
    expect(received(bo, 'ana')).toBeGreaterThan(before + 5);
    const dropped = [...ana.attendance.exchange!.feed.dropped.values()].reduce((sum, count) => sum + count, 0);
    expect(dropped).toBeGreaterThan(250);
  });

  it('a hidden page is shown as hidden to the others and sends nothing', async () => {
    const [ana, bo] = [await world.joined('ana'), await world.joined('bo')];
    ana.attendance.setHidden(true);
    await world.pass(100);
    const before = received(bo, 'ana');
    await world.pass(500);
    expect(received(bo, 'ana')).toBe(before);
    expect([...bo.transport.hidden]).toEqual([ana.transport.self.endpointId]);
    ana.attendance.setHidden(false);
    await world.pass(300);
    expect(received(bo, 'ana')).toBeGreaterThan(before);
    expect([...bo.transport.hidden]).toEqual([]);
  });
});

describe('leaving', () => {
  it('leaving leaves the conference first and then frees the seat', async () => {
    const [ana, bo] = [await world.joined('ana'), await world.joined('bo')];
    const order: string[] = [];
    bo.transport.events.on('left', () => order.push('conference'));
    bo.attendance.events.on('state', () => order.push('seat'));
    await ana.attendance.leave();
    expect(order).toEqual(['conference', 'seat']);
    expect(world.seats()).toEqual([['person-bo', 1]]);
    expect(ana.attendance.state).toEqual({ phase: 'ended', by: 'self' });
    expect(ana.attendance.exchange).toBeNull();
  });

  it('leaving a second time does nothing', async () => {
    const ana = await world.joined('ana');
    await Promise.all([ana.attendance.leave(), ana.attendance.leave()]);
    await ana.attendance.leave();
    expect(ana.phases).toEqual(['connecting', 'live', 'ended']);
  });

  it('leaving before joining ends the attendance', async () => {
    const ana = world.attendee('ana');
    await ana.attendance.leave();
    expect(ana.attendance.state).toEqual({ phase: 'ended', by: 'self' });
    await expect(ana.attendance.join()).rejects.toThrow('joins once');
  });

  it('leaving frees the seat even if the connection does not close cleanly', async () => {
    const ana = await world.joined('ana');
    const connection = ana.connections[0]!;
    connection.scope.add(() => {
      throw new Error('a listener that breaks');
    });
    connection.transport.disconnect = () => Promise.reject(new Error('a transport that breaks'));
    await ana.attendance.leave();
    expect(world.seats()).toEqual([]);
    expect(world.logged.filter(({ level }) => level === 'error')).toHaveLength(2);
  });

  it('leaving stops every timer', async () => {
    const idle = world.scheduler.waiting;
    const ana = await world.joined('ana');
    expect(world.scheduler.waiting).toBeGreaterThan(idle);
    await ana.attendance.leave();
    expect(world.scheduler.waiting).toBe(idle);
  });

  it('closing the page frees the seat within five seconds', async () => {
    const ana = await world.joined('ana');
    ana.attendance.leaveOnClose();
    // A closed page runs no timers any more: its heartbeat is silent.
    world.scheduler.sleep(4_000);
    await world.joined('bo');
    expect(world.seats()).toEqual([['person-bo', 0]]);
  });

  it('reloading the page gives the same person the same seat back', async () => {
    const other = await world.joined('bo');
    const before = await world.joined('ana');
    before.attendance.leaveOnClose();
    world.scheduler.sleep(2_000);
    const after = await world.joined('ana');
    expect(after.attendance.state).toMatchObject({ granted: { self: { id: 'person-ana', seat: 1 } } });
    expect(world.seats()).toHaveLength(2);
    expect(other.attendance.state).toMatchObject({ granted: { meeting: { people: { length: 2 } } } });
  });

  it('an attendance ends when the host ends the meeting', async () => {
    const [ana, bo] = [await world.joined('ana'), await world.joined('bo')];
    world.api.end();
    await world.settle();
    for (const { attendance, phases } of [ana, bo]) {
      expect(attendance.state).toEqual({ phase: 'ended', by: 'host' });
      expect(phases).toEqual(['connecting', 'live', 'ended']);
    }
  });
});
