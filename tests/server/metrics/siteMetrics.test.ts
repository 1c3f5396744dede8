import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { HubCounters, type HubStats } from '@/server/hub/hubStats';
import { SiteMetrics, type SiteSample } from '@/server/metrics/siteMetrics';

const hasPromtool = spawnSync('promtool', ['--version']).status === 0;

const hubStats = (changes: Partial<HubStats> = {}): HubStats => ({
  rooms: 1,
  sessions: 3,
  channels: 2,
  messagesIn: 10,
  messagesOut: 20,
  bytesIn: 1_000,
  bytesOut: 2_000,
  largestBacklogBytes: 0,
  media: null,
  dropped: { ...new HubCounters().dropped, stale: 4 },
  ...changes,
});

const sample = (changes: Partial<SiteSample> = {}): SiteSample => ({
  isDatabaseUp: true,
  census: { meetings: 2, participants: 5, spectators: 1 },
  isHubUp: true,
  hub: hubStats(),
  hubRestarts: 0,
  sentBytesPerSecond: null,
  eventLoopLagMs: 0,
  memoryBytes: 1,
  messagesQueued: 0,
  oldestMessageAtMs: null,
  recordings: 1,
  diskFreeBytes: 1_000_000,
  ...changes,
});

/** The samples by name and labels. */
async function read(metrics: SiteMetrics): Promise<Map<string, number>> {
  const lines = (await metrics.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ')))]),
  );
}

describe('the metrics of a site', () => {
  it('what was sampled is shown, and what is not known is absent', async () => {
    const metrics = new SiteMetrics('1.2.3', 1_500_000);
    expect((await read(metrics)).has('parley_meetings')).toBe(false);
    metrics.take(sample());
    const known = await read(metrics);
    expect(known.get('parley_meetings')).toBe(2);
    expect(known.get('parley_participants{role="participant"}')).toBe(5);
    expect(known.get('parley_participants{role="spectator"}')).toBe(1);
    expect(known.get('parley_database_up')).toBe(1);
    expect(known.get('parley_disk_free_bytes')).toBe(1_000_000);
    expect(known.get('parley_pose_messages_total{direction="out"}')).toBe(20);
    expect(known.get('parley_pose_dropped_total{reason="stale"}')).toBe(4);
    expect(known.get('parley_media_bytes_total{direction="out"}')).toBe(0);
    metrics.take(sample({ isDatabaseUp: false, census: null, isHubUp: null, hub: null, diskFreeBytes: null }));
    const away = await read(metrics);
    expect(away.get('parley_database_up')).toBe(0);
    for (const name of [
      'parley_meetings',
      'parley_participants{role="participant"}',
      'parley_hub_up',
      'parley_hub_channels',
    ]) {
      expect(away.has(name), name).toBe(false);
    }
    expect(away.has('parley_pose_messages_total{direction="out"}')).toBe(false);
  });

  it('counts of a hub that has started again are its own', async () => {
    const metrics = new SiteMetrics('1', 1_500_000);
    metrics.take(sample());
    await metrics.text();
    metrics.take(sample({ hub: hubStats({ messagesOut: 3 }) }));
    expect((await read(metrics)).get('parley_pose_messages_total{direction="out"}')).toBe(3);
  });

  it('joins are counted by what became of them, and a full meeting also as a refused seat', async () => {
    const metrics = new SiteMetrics('1', 1_500_000);
    expect((await read(metrics)).get('parley_joins_total{result="unavailable"}')).toBe(0);
    for (const result of ['ok', 'ok', 'full', 'ended'] as const) metrics.joined(result);
    const counts = await read(metrics);
    expect(counts.get('parley_joins_total{result="ok"}')).toBe(2);
    expect(counts.get('parley_joins_total{result="full"}')).toBe(1);
    expect(counts.get('parley_seats_refused_total')).toBe(1);
  });

  it('what clients report is in seconds and shares', async () => {
    const metrics = new SiteMetrics('1', 1_500_000);
    metrics.reported({ poseAgeMs: 80, poseLostShare: 0.02, joinedAfterMs: 1_500 });
    metrics.reported({ reconnects: [{ kind: 'stay', tookMs: 4_000 }] });
    const figures = await read(metrics);
    expect(figures.get('parley_pose_age_seconds_sum')).toBeCloseTo(0.08, 9);
    expect(figures.get('parley_pose_age_seconds_bucket{le="0.05"}')).toBe(0);
    expect(figures.get('parley_pose_age_seconds_bucket{le="0.1"}')).toBe(1);
    expect(figures.get('parley_pose_lost_ratio_sum')).toBeCloseTo(0.02, 9);
    expect(figures.get('parley_join_duration_seconds_sum')).toBeCloseTo(1.5, 9);
    expect(figures.get('parley_reconnects_total{kind="stay"}')).toBe(1);
    expect(figures.get('parley_reconnect_duration_seconds_count')).toBe(1);
  });

  it.skipIf(!hasPromtool)('Prometheus finds nothing to mend in the names, units and help of the metrics', async () => {
    const metrics = new SiteMetrics('1', 1_500_000);
    metrics.take(sample());
    metrics.joined('ok');
    metrics.reported({ poseAgeMs: 80, reconnects: [{ kind: 'link', tookMs: 4_000 }] });
    const { status, stderr, stdout } = spawnSync('promtool', ['check', 'metrics'], { input: await metrics.text() });
    expect([status, `${stdout}${stderr}`]).toEqual([0, '']);
  });
});
