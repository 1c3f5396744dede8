import { describe, expect, it } from 'vitest';
import { History } from '@/server/metrics/history';
import type { SiteSample } from '@/server/metrics/siteMetrics';
import { ManualClock } from '@/tests/support/manualClock';
import { MemoryMeetingStore } from '@/tests/support/memoryMeetingStore';

const START_MS = Date.UTC(2030, 0, 1);

const sample = (changes: Partial<SiteSample> = {}): SiteSample => ({
  isDatabaseUp: true,
  census: { meetings: 1, participants: 2, spectators: 3 },
  isHubUp: true,
  hub: null,
  hubRestarts: 0,
  sentBytesPerSecond: 1_000,
  recordings: 0,
  eventLoopLagMs: 5,
  memoryBytes: 100,
  diskFreeBytes: 1_000,
  messagesQueued: 0,
  oldestMessageAtMs: null,
  ...changes,
});

function createHistory() {
  const wall = new ManualClock(START_MS);
  const store = new MemoryMeetingStore();
  return { wall, store, history: new History({ store: store.history, wall }) };
}

describe('the figures of a site over time', () => {
  it('what is sampled in a step is one point with the worst of it, written once the step is over', async () => {
    const { wall, store, history } = createHistory();
    await history.look(sample({ eventLoopLagMs: 90 }));
    for (const result of ['ok', 'ok', 'full', 'unavailable'] as const) history.joined(result);
    for (let k = 1; k <= 20; k += 1) history.reported({ poseAgeMs: k * 10, poseLostShare: k / 100 });
    wall.advance(14_000);
    await history.look(sample({ diskFreeBytes: 900, census: null }));
    expect(await store.history.read('1h', wall.nowMs())).toEqual([]);
    wall.advance(1_000);
    await history.look(sample());
    expect(await store.history.read('1h', wall.nowMs())).toEqual([
      {
        atMs: START_MS,
        figures: {
          meetings: 1,
          participants: 2,
          spectators: 3,
          joinsOk: 2,
          joinsFailed: 1,
          poseAgeMs: 190,
          poseLostShare: 0.19,
          sentBytesPerSecond: 1_000,
          eventLoopLagMs: 90,
          memoryBytes: 100,
          diskFreeBytes: 900,
          messagesQueued: 0,
          recordings: 0,
        },
      },
    ]);
  });

  it('the figures now are those of the newest sample, with what people told lately', async () => {
    const { wall, history } = createHistory();
    expect(history.now).toMatchObject({ meetings: null, joinsOk: 0, poseAgeMs: null });
    await history.look(sample({ eventLoopLagMs: 90 }));
    history.reported({ poseAgeMs: 70 });
    wall.advance(15_000);
    await history.look(sample());
    expect(history.now).toMatchObject({ eventLoopLagMs: 5, poseAgeMs: 70, poseLostShare: null });
    wall.advance(15_000);
    await history.look(sample());
    expect(history.now).toMatchObject({ poseAgeMs: null });
  });

  it('a database that is away leaves a gap, and nothing waits or fails', async () => {
    const { wall, store, history } = createHistory();
    await history.look(sample());
    wall.advance(15_000);
    await history.look(sample({ isDatabaseUp: false, census: null }));
    wall.advance(15_000);
    await history.look(sample());
    expect((await store.history.read('1h', wall.nowMs())).map(({ atMs }) => atMs)).toEqual([START_MS + 15_000]);
    await store.close();
    wall.advance(15_000);
    await history.look(sample());
    await expect(history.read('1h')).rejects.toMatchObject({ reason: 'unavailable' });
  });

  it('a span is told as a value for each step, null where the site was not there', async () => {
    const { wall, history } = createHistory();
    await history.look(sample());
    wall.advance(15_000);
    await history.look(sample());
    wall.advance(3_600_000 - 30_000);
    const hour = await history.read('1h');
    expect(hour).toMatchObject({ span: '1h', stepS: 15, fromS: START_MS / 1000 });
    expect(hour.figures.participants).toHaveLength(240);
    expect(hour.figures.participants.slice(0, 3)).toEqual([2, null, null]);
    for (const [span, steps] of [
      ['24h', 288],
      ['7d', 336],
    ] as const) {
      expect(
        (await history.read(span)).figures.meetings.filter((value) => value !== null),
        span,
      ).toEqual([1]);
      expect((await history.read(span)).figures.meetings, span).toHaveLength(steps);
    }
  });

  it('what is older than a week is forgotten', async () => {
    const { wall, store, history } = createHistory();
    await history.look(sample());
    wall.advance(15_000);
    await history.look(sample());
    wall.advance(8 * 86_400_000);
    await history.forget();
    expect(await store.history.read('7d', START_MS)).toEqual([]);
  });
});
