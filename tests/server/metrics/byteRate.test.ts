import { expect, it } from 'vitest';
import { HubCounters, type HubStats } from '@/server/hub/hubStats';
import { ByteRate } from '@/server/metrics/byteRate';
import { ManualClock } from '@/tests/support/manualClock';

const stats = (bytesOut: number): HubStats => ({
  rooms: 1,
  sessions: 4,
  channels: 4,
  messagesIn: 0,
  messagesOut: 0,
  bytesIn: 0,
  bytesOut,
  largestBacklogBytes: 0,
  media: null,
  dropped: new HubCounters().dropped,
});

it('the rate stays known between two messages of the hub, which come less often than the looks', () => {
  const clock = new ManualClock();
  const rate = new ByteRate(clock);
  expect(rate.read(null)).toBeNull();
  const rates: (number | null)[] = [];
  let told = stats(0);
  for (let atS = 0; atS < 60; atS += 1) {
    if (atS % 5 === 0) told = stats(atS * 1_000_000);
    if (atS % 2 === 0) rates.push(rate.read(told));
    clock.advance(1_000);
  }
  const known = rates.slice(3).map((value) => value ?? 0);
  expect(Math.min(...known)).toBeGreaterThan(800_000);
  expect(Math.max(...known)).toBeLessThan(1_300_000);
});

it('the rate is an average over half a minute', () => {
  const clock = new ManualClock();
  const rate = new ByteRate(clock);
  rate.read(stats(0));
  clock.advance(5_000);
  expect(rate.read(stats(5_000_000))).toBe(1_000_000);
  for (let k = 1; k <= 8; k += 1) {
    clock.advance(5_000);
    rate.read(stats(5_000_000));
  }
  expect(rate.read(stats(5_000_000))).toBe(0);
});

it('a hub that has been started again has no rate until its second count', () => {
  const clock = new ManualClock();
  const rate = new ByteRate(clock);
  rate.read(stats(1_000));
  clock.advance(5_000);
  expect(rate.read(stats(10))).toBeNull();
  clock.advance(5_000);
  expect(rate.read(stats(50_010))).toBe(10_000);
  expect(rate.read(null)).toBeNull();
});
