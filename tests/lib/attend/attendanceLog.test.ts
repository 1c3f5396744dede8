import { beforeEach, describe, expect, it } from 'vitest';
import { loginRefused, loginUnanswered } from '@/lib/transport/refusals';
import { AttendanceWorld } from './attendanceWorld';

let world: AttendanceWorld;
beforeEach(() => {
  world = new AttendanceWorld();
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
