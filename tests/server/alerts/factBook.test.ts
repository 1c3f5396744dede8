import { describe, expect, it } from 'vitest';
import { FactBook } from '@/server/alerts/factBook';
import { HubCounters, type HubStats } from '@/server/hub/hubStats';
import type { SiteSample } from '@/server/metrics/siteMetrics';
import { ManualClock } from '@/tests/support/manualClock';

const hub = (channels: number): HubStats => ({
  rooms: 1,
  sessions: channels,
  channels,
  messagesIn: 0,
  messagesOut: 0,
  bytesIn: 0,
  bytesOut: 0,
  largestBacklogBytes: 0,
  media: null,
  dropped: new HubCounters().dropped,
});

const sample = (changes: Partial<SiteSample> = {}): SiteSample => ({
  isDatabaseUp: true,
  census: null,
  isHubUp: true,
  hub: null,
  hubRestarts: 0,
  messagesQueued: 0,
  oldestMessageAtMs: null,
  sentBytesPerSecond: null,
  recordings: 0,
  eventLoopLagMs: 7,
  memoryBytes: 1,
  diskFreeBytes: null,
  ...changes,
});

function createBook() {
  const clock = new ManualClock();
  const book = new FactBook({ clock, bandwidthMaxBps: 1_500_000 });
  return { clock, book, facts: (changes: Partial<SiteSample> = {}) => book.facts(sample(changes), null) };
}

describe('what the rules of the alerts look at', () => {
  it('the pose age is the p95 of a minute of reports, and unknown with fewer than five', () => {
    const { clock, book, facts } = createBook();
    for (let k = 1; k <= 4; k += 1) book.reported({ poseAgeMs: 2_000 });
    expect(facts().poseAgeMs).toBeNull();
    clock.advance(30_000);
    for (let k = 1; k <= 96; k += 1) book.reported({ poseAgeMs: k });
    expect(facts().poseAgeMs).toBe(95);
    clock.advance(30_001);
    expect(facts().poseAgeMs).toBe(92);
    clock.advance(60_000);
    expect(facts().poseAgeMs).toBeNull();
  });

  it('joins that the site itself failed count for five minutes, refused seats for one', () => {
    const { clock, book, facts } = createBook();
    for (const result of ['ok', 'unavailable', 'full', 'notFound'] as const) book.joined(result);
    expect(facts()).toMatchObject({ joins: { failed: 1, all: 4 }, seatsRefused: 1 });
    clock.advance(60_001);
    expect(facts()).toMatchObject({ joins: { failed: 1, all: 4 }, seatsRefused: 0 });
    clock.advance(240_000);
    expect(facts().joins).toEqual({ failed: 0, all: 0 });
  });

  it('the bandwidth of one person is what the hub sends, shared out', () => {
    const { facts } = createBook();
    expect(facts({ hub: hub(4) }).receivedBps).toBeNull();
    expect(facts({ hub: hub(4), sentBytesPerSecond: 500_000 }).receivedBps).toBe(1_000_000);
    expect(facts({ hub: hub(0), sentBytesPerSecond: 500_000 }).receivedBps).toBeNull();
    expect(facts({ sentBytesPerSecond: 500_000 }).receivedBps).toBeNull();
  });

  it('a hub that was started again, and a recording that failed, count for five minutes', () => {
    const { clock, book, facts } = createBook();
    expect(facts().hubRestarts).toBe(0);
    expect(facts({ hubRestarts: 1 }).hubRestarts).toBe(1);
    book.recorderFailed();
    clock.advance(200_000);
    expect(facts({ hubRestarts: 1 })).toMatchObject({ hubRestarts: 1, recorderFailures: 1 });
    clock.advance(100_001);
    expect(facts({ hubRestarts: 1 })).toMatchObject({ hubRestarts: 0, recorderFailures: 0 });
  });
});
