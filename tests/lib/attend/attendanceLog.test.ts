import { beforeEach, describe, expect, it } from 'vitest';
import { loginRefused, loginUnanswered } from '@/lib/transport/refusals';
import { AttendanceWorld } from './attendanceWorld';

let world: AttendanceWorld;
beforeEach(() => {
  world = new AttendanceWorld();
});

describe('what an attendance reports to the operator', () => {
  it('T-87 faults of the deployment reach the API under the stay, each once', async () => {
    const ana = await world.joined('ana');
    const tell = (fault: 'owner' | 'focus', said: string) => ana.transport.events.emit('fault', { fault, said });
    tell('owner', '');
    tell('focus', 'x'.repeat(300));
    ana.transport.fail('kicked');
    await world.settle();
    tell('owner', '');
    await world.settle();
    expect(world.api.faults).toEqual(['stay-1 owner: ', `stay-1 focus: ${'x'.repeat(200)}`]);
  });

  it('T-87 a report that does not get through harms nothing', async () => {
    const ana = await world.joined('ana');
    world.api.isOffline = true;
    ana.transport.events.emit('fault', { fault: 'owner', said: '' });
    await world.settle();
    expect([world.api.faults, ana.attendance.state.phase]).toEqual([[], 'live']);
  });
});

describe('the log of an attendance', () => {
  it('an attendance logs its life at info, and cut-offs and failures at warn', async () => {
    const ana = await world.joined('ana');
    ana.transport.fail('kicked');
    await world.settle();
    ana.transport.fail('lost');
    await world.settle();
    expect(world.logged.map(({ level, message }) => `${level}: ${message}`)).toEqual([
      'info: live',
      'warn: cut off',
      'info: starts afresh',
      'info: live',
      'warn: cut off',
      'warn: failed',
    ]);
  });

  it('T-84 the log of an attendance that a server refuses says what it refused, and in which words', async () => {
    world.jitsi = async () => {
      throw loginRefused('Invalid signature');
    };
    await world.joined('ana');
    expect(world.logged).toEqual([{ level: 'warn', message: 'failed' }]);
    expect(world.facts.get('failed')).toEqual({
      reason: 'notAllowed',
      refusal: 'signature',
      detail: 'Invalid signature',
    });
  });

  it('T-84 the log of attempts that may still succeed says why each failed', async () => {
    world.jitsi = async () => {
      throw loginUnanswered();
    };
    const joining = world.attendee('ana').attendance.join();
    await world.pass(8_000);
    await joining;
    expect(world.facts.get('tries again')).toMatchObject({ reason: 'unreachable', refusal: 'unanswered' });
  });
});
