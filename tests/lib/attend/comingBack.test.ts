import { beforeEach, describe, expect, it } from 'vitest';
import { ParleyApiError } from '@/lib/api';
import { PoseExchange } from '@/lib/meeting/poseExchange';
import { TIERS } from '@/lib/quality/tiers';
import { TransportError } from '@/lib/transport/transport';
import { AttendanceWorld, type Attendee, received } from './attendanceWorld';

/** A stay lives 15 s without a heartbeat. */
const LONGER_THAN_A_STAY_MS = 20_000;

let world: AttendanceWorld;
beforeEach(() => {
  world = new AttendanceWorld();
});

const LIVE = ['connecting', 'live'];
const LIVE_AGAIN = [...LIVE, 'reconnecting', 'live'];

describe('a connection that is lost', () => {
  it('a transport that comes back after an outage keeps seat and exchange', async () => {
    const [ana, bo] = [await world.joined('ana'), await world.joined('bo')];
    world.api.isOffline = true;
    ana.transport.lose();
    await expect(ana.transport.comeBack()).rejects.toMatchObject({ reason: 'unreachable' });
    await world.pass(3_000);
    world.api.isOffline = false;
    const before = received(bo, 'ana');
    await ana.transport.comeBack();
    await world.pass(1_500);
    expect(ana.phases).toEqual(LIVE_AGAIN);
    expect(ana.connections).toHaveLength(1);
    expect(world.seats()[0]).toEqual(['person-ana', 0]);
    expect(received(bo, 'ana')).toBeGreaterThan(before + 5);
  });

  it('a returning transport waits as long as the API asks', async () => {
    const ana = await world.joined('ana', 'spectator');
    ana.transport.lose();
    world.api.refusals.push(new ParleyApiError({ reason: 'unavailable', retryAfterMs: 2_000 }, 'Wait.'));
    const returning = ana.transport.comeBack();
    await world.pass(1_900);
    expect(ana.attendance.state.phase).toBe('reconnecting');
    await world.pass(200);
    await returning;
    expect(ana.attendance.state.phase).toBe('live');
  });

  it('an attendance that the API lets in goes on trying for longer than ten minutes, and comes back', async () => {
    const ana = await world.joined('ana');
    world.refuse(1_000, 'unreachable');
    ana.transport.fail('kicked');
    await world.pass(700_000);
    expect(ana.attendance.state.phase).toBe('reconnecting');
    expect(world.seats()).toEqual([['person-ana', 0]]);
    world.jitsi = async () => {};
    await world.pass(21_000);
    expect(ana.phases).toEqual(LIVE_AGAIN);
  });

  it("an attendance fails with the transport's reason once the transport gives up", async () => {
    const ana = await world.joined('ana');
    ana.transport.lose();
    ana.transport.fail('lost');
    await world.settle();
    expect(ana.attendance.state).toMatchObject({ phase: 'failed', failure: { reason: 'lost' } });
    expect(world.seats()).toEqual([]);
  });

  it("an attendance fails with the API's reason if that made the transport give up", async () => {
    const ana = await world.joined('ana');
    const cause = new ParleyApiError({ reason: 'full', limit: 4 }, 'All seats are taken.');
    ana.transport.lose();
    const error = new TransportError('notAllowed', 'refused', { cause });
    ana.transport.events.emit('state', { state: 'failed', error });
    await world.settle();
    expect(ana.attendance.state).toMatchObject({ phase: 'failed', failure: { reason: 'full', limit: 4 } });
  });

  it('waking checks the connection and the stay at once', async () => {
    const ana = await world.joined('ana', 'spectator');
    world.scheduler.sleep(LONGER_THAN_A_STAY_MS);
    ana.attendance.wake();
    expect(ana.transport.woken).toBe(1);
    await world.settle();
    expect(ana.phases).toEqual(LIVE_AGAIN);
  });
});

describe('a stay that runs out', () => {
  it('after a sleep longer than a stay, the attendance is live again on the same seat', async () => {
    const [ana, bo] = [await world.joined('ana'), await world.joined('bo')];
    world.scheduler.sleep(LONGER_THAN_A_STAY_MS);
    await world.pass(1_000);
    await world.pass(1_000);
    expect(ana.phases).toEqual(LIVE_AGAIN);
    expect(ana.attendance.state).toMatchObject({ granted: { self: { id: 'person-ana', seat: 0 } } });
    expect(world.seats()).toEqual([
      ['person-ana', 0],
      ['person-bo', 1],
    ]);
    await world.pass(1_000);
    expect(received(bo, 'ana')).toBeGreaterThan(5);
  });

  it('a stay that the server forgot is entered again', async () => {
    const ana = await world.joined('ana');
    world.api.forgetStays();
    await world.pass(5_100);
    expect(ana.phases).toEqual(LIVE_AGAIN);
    expect(ana.connections).toHaveLength(2);
    expect(world.seats()).toEqual([['person-ana', 0]]);
  });

  it('an attendance fails if its seat was taken while it slept', async () => {
    const ana = await world.joined('ana');
    world.scheduler.sleep(LONGER_THAN_A_STAY_MS);
    world.api.refusals.push(new ParleyApiError({ reason: 'full', limit: 4 }, 'All seats are taken.'));
    ana.attendance.wake();
    await world.settle();
    expect(ana.attendance.state).toMatchObject({ phase: 'failed', failure: { reason: 'full' } });
  });

  it('a stay that expires during a fresh start is entered again', async () => {
    const ana = await world.joined('ana');
    world.jitsi = (transport) => transport.hangUntilClosed();
    ana.transport.fail('kicked');
    await world.settle();
    expect(ana.attendance.state.phase).toBe('reconnecting');
    world.api.forgetStays();
    world.jitsi = async () => {};
    await world.pass(6_000);
    expect(ana.phases).toEqual(LIVE_AGAIN);
    expect(ana.connections).toHaveLength(3);
  });
});

describe('a participant whom Jitsi lets go', () => {
  it.each(['conferenceDestroyed', 'kicked', 'notAllowed'] as const)(
    'participants cut off by a hub restart are live again on the same seats: %s',
    async (reason) => {
      const [ana, bo] = [await world.joined('ana'), await world.joined('bo')];
      for (const { transport } of [ana, bo]) transport.fail(reason);
      await world.settle();
      expect([ana.phases, bo.phases]).toEqual([LIVE_AGAIN, LIVE_AGAIN]);
      expect(world.seats()).toEqual([
        ['person-ana', 0],
        ['person-bo', 1],
      ]);
      await world.pass(1_000);
      expect(received(bo, 'ana')).toBeGreaterThan(5);
      expect(received(ana, 'bo')).toBeGreaterThan(5);
    },
  );

  it('the older of two tabs fails as replaced, and the newer one stays live', async () => {
    const older = await world.joined('ana');
    const newer = await world.joined('ana');
    older.transport.fail('kicked');
    await world.settle();
    expect(older.attendance.state).toMatchObject({ phase: 'failed', failure: { reason: 'replaced' } });
    expect(newer.attendance.state.phase).toBe('live');
    expect(world.seats()).toEqual([['person-ana', 0]]);
  });

  it('a participant cut off because the meeting ended is told so, even without the event', async () => {
    const ana = await world.joined('ana');
    world.api.isOffline = true;
    world.api.end();
    world.api.isOffline = false;
    ana.transport.fail('conferenceDestroyed');
    await world.settle();
    expect(ana.attendance.state).toEqual({ phase: 'ended', by: 'host' });
  });

  it('a participant cut off while the API is away starts afresh once it is back', async () => {
    const ana = await world.joined('ana');
    world.api.isOffline = true;
    ana.transport.fail('kicked');
    await world.pass(2_000);
    expect(ana.attendance.state.phase).toBe('reconnecting');
    world.api.isOffline = false;
    await world.pass(1_000);
    expect(ana.phases).toEqual(LIVE_AGAIN);
  });

  it('an expiry during the check after a cut-off causes only one fresh start', async () => {
    const ana = await world.joined('ana', 'spectator');
    const answer = world.api.holdNext('heartbeat');
    world.api.forgetStays();
    ana.transport.fail('kicked');
    await world.pass(5_100);
    expect(ana.phases).toEqual(LIVE_AGAIN);
    answer();
    await world.pass(1_000);
    expect(ana.phases).toEqual(LIVE_AGAIN);
    expect(ana.connections).toHaveLength(2);
  });

  it('leaving during the check after a cut-off stays final', async () => {
    const ana = await world.joined('ana');
    ana.transport.fail('kicked');
    await ana.attendance.leave();
    await world.pass(2_000);
    expect(ana.phases).toEqual([...LIVE, 'ended']);
    expect(world.api.joins).toHaveLength(1);
  });
});

describe('a fresh start', () => {
  it('a fresh start is retried while Jitsi is lost or unreachable', async () => {
    const ana = await world.joined('ana');
    const outcomes = ['lost', 'unreachable', 'lost'] as const;
    let attempts = 0;
    world.jitsi = async () => {
      const reason = outcomes[attempts];
      attempts += 1;
      if (reason) throw new TransportError(reason, reason);
    };
    ana.transport.fail('kicked');
    await world.pass(3_000);
    expect(ana.phases).toEqual(LIVE_AGAIN);
    expect(attempts).toBe(4);
  });

  it('a fresh start over a socket that stays silent is tried again over a fresh one after ten seconds', async () => {
    const ana = await world.joined('ana');
    world.jitsi = (transport) => transport.hangUntilClosed();
    ana.transport.fail('kicked');
    await world.pass(9_900);
    expect(ana.connections).toHaveLength(2);
    world.jitsi = async () => {};
    await world.pass(500);
    expect(ana.attendance.state.phase).toBe('live');
  });

  it('a fresh start replaces a connection that does not close cleanly', async () => {
    const ana = await world.joined('ana');
    ana.connections[0]!.scope.add(() => {
      throw new Error('a listener that breaks');
    });
    ana.transport.fail('kicked');
    await world.pass(1_000);
    expect(ana.attendance.state.phase).toBe('live');
    expect(ana.connections).toHaveLength(2);
  });

  it('waking makes the next attempt of a fresh start now', async () => {
    const ana = await world.joined('ana', 'spectator');
    world.refuse(3, 'unreachable');
    ana.transport.fail('kicked');
    await world.pass(500);
    const tried = ana.connections.length;
    ana.attendance.wake();
    await world.settle();
    expect(ana.connections).toHaveLength(tried + 1);
  });

  it('the sixth cut-off within a minute fails the attendance', async () => {
    const ana = await world.joined('ana', 'spectator');
    for (let cut = 0; cut < 6; cut += 1) {
      expect(ana.attendance.state.phase).toBe('live');
      ana.transport.fail('kicked');
      await world.pass(9_000);
    }
    expect(ana.attendance.state).toMatchObject({ phase: 'failed', failure: { reason: 'lost' } });
  });

  it('a participant who is taken out again and again without the API’s word comes back each time, later and later', async () => {
    const ana = await world.joined('ana');
    const tookMs: number[] = [];
    for (let cut = 0; cut < 4; cut += 1) {
      ana.transport.fail('kicked');
      let ms = 0;
      for (; ana.attendance.state.phase !== 'live' || ms === 0; ms += 250) await world.pass(250);
      tookMs.push(ms);
    }
    expect(tookMs.map((ms) => Math.round(ms / 1_000))).toEqual([0, 1, 2, 4]);
    expect(world.seats()).toEqual([['person-ana', 0]]);
  });

  it('rare cut-offs are mended any number of times', async () => {
    const ana = await world.joined('ana', 'spectator');
    for (let cut = 0; cut < 6; cut += 1) {
      ana.transport.fail('kicked');
      await world.pass(21_000);
    }
    expect(ana.attendance.state.phase).toBe('live');
    expect(ana.connections).toHaveLength(7);
  });

  it('a fresh start fails at once if the API refuses it', async () => {
    const ana = await world.joined('ana');
    ana.transport.fail('kicked');
    world.api.refusals.push(new ParleyApiError({ reason: 'forbidden' }, 'forbidden'));
    await world.settle();
    expect(ana.attendance.state).toMatchObject({ phase: 'failed', failure: { reason: 'forbidden' } });
    expect(ana.connections).toHaveLength(2);
  });

  it('leaving during a fresh start makes no further attempt', async () => {
    const ana = await world.joined('ana');
    world.refuse(99, 'unreachable');
    ana.transport.fail('kicked');
    await world.pass(300);
    await ana.attendance.leave();
    const tried = ana.connections.length;
    await world.pass(5_000);
    expect(ana.connections).toHaveLength(tried);
    expect(ana.attendance.state).toEqual({ phase: 'ended', by: 'self' });
    expect(world.seats()).toEqual([]);
  });

  it('late callbacks of a replaced connection change nothing', async () => {
    const ana = await world.joined('ana');
    const [old] = ana.connections;
    const goodbye = old!.transport.disconnect.bind(old!.transport);
    old!.transport.disconnect = async () => {
      const error = new TransportError('kicked', 'kicked');
      old!.transport.events.emit('state', { state: 'failed', error });
      old!.transport.events.emit('state', { state: 'live' });
      await goodbye();
    };
    old!.transport.fail('conferenceDestroyed');
    await world.settle();
    expect(old!.isClosed).toBe(true);
    expect(ana.connections).toHaveLength(2);
    expect(ana.attendance.state.phase).toBe('live');
    expect(ana.attendance.connection).toBe(ana.connections[1]);
  });

  it('a connection closed before the API answers gets no pass', async () => {
    const answer = world.api.holdNext('join');
    const ana = world.attendee('ana');
    const passes: string[] = [];
    world.jitsi = async () => void passes.push('entered');
    const joining = ana.attendance.join();
    await world.settle();
    await ana.connections[0]!.close();
    answer();
    await world.pass(500);
    await joining;
    expect(passes).toEqual(['entered']);
    expect(ana.attendance.state.phase).toBe('live');
    expect(ana.attendance.connection).toBe(ana.connections[1]);
  });

  it('a new exchange gets roster, bandwidth and tier before the API answers again', async () => {
    const given: Array<[people: number, tier: string, bandwidthBps: number]> = [];
    class Watched extends PoseExchange {
      private bandwidthBps = 0;
      override setBandwidthMax(bps: number): void {
        this.bandwidthBps = bps;
        super.setBandwidthMax(bps);
      }
      override follow(meeting: Parameters<PoseExchange['follow']>[0]): void {
        given.push([meeting.people.length, meeting.tier.name, this.bandwidthBps]);
        super.follow(meeting);
      }
    }
    const { scheduler } = world;
    const createExchange = (transport: Attendee['transport']) => new Watched({ transport, scheduler });
    await world.joined('bo');
    const ana = await world.joined('ana', 'participant', { createExchange });
    world.api.announce(TIERS.low);
    given.length = 0;
    world.api.holdNext('join');
    ana.transport.fail('kicked');
    await world.settle();
    expect(ana.attendance.state.phase).toBe('reconnecting');
    expect(given).toEqual([[2, 'low', 640_000]]);
  });

  it('a new connection knows that the page is hidden', async () => {
    const [ana, bo] = [await world.joined('ana'), await world.joined('bo')];
    ana.attendance.setHidden(true);
    ana.transport.fail('kicked');
    await world.settle();
    expect(ana.attendance.state.phase).toBe('live');
    expect([...bo.transport.hidden]).toEqual([ana.transport.self.endpointId]);
    await world.pass(500);
    expect(ana.attendance.exchange?.sent.posesSent).toBe(0);
    ana.attendance.setHidden(false);
    await world.pass(500);
    expect(ana.attendance.exchange?.sent.posesSent).toBeGreaterThan(5);
  });

  it('replacing a connection closes its scope', async () => {
    const ana = await world.joined('ana');
    const ended: string[] = [];
    ana.connections[0]!.scope.add(() => ended.push('first'));
    ana.transport.fail('kicked');
    await world.settle();
    expect(ended).toEqual(['first']);
    ana.connections[1]!.scope.add(() => ended.push('second'));
    await ana.attendance.leave();
    expect(ended).toEqual(['first', 'second']);
  });
});
