import { expect, it } from 'vitest';
import { AwakeTime } from '@/lib/transport/awakeTime';
import { ManualClock } from '@/tests/support/manualClock';

it('time from tick to tick counts, from the beginning on', () => {
  const clock = new ManualClock(9_000);
  const time = new AwakeTime(clock);
  const counted = [250, 0, 100, 500].map((passedMs) => {
    clock.advance(passedMs);
    return time.tick();
  });
  expect(counted).toEqual([250, 0, 100, 500]);
});

it('sleep counts as half a second, however long it lasts', () => {
  const clock = new ManualClock(9_000);
  const time = new AwakeTime(clock);
  const counted = [501, 600_000, 250].map((passedMs) => {
    clock.advance(passedMs);
    return time.tick();
  });
  expect(counted).toEqual([500, 500, 250]);
});
