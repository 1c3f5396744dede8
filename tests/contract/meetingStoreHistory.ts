import { describe, expect, it } from 'vitest';
import { HISTORY_SPANS, NO_FIGURES } from '@/lib/core/site/siteHistory';
import { START_MS, type StoreWorld } from './meetingStoreWorld';

const HOUR_MS = 3_600_000;

/** What every history does. Each case has a time of its own, far from the others. */
export function historyCases(world: StoreWorld): void {
  describe('the history of figures', () => {
    it('figures of one step are one point in each span: the worst of each, and joins counted', async () => {
      const { history } = world.store;
      const atMs = START_MS + 1000 * HOUR_MS;
      await history.add(atMs, { ...NO_FIGURES, participants: 3, joinsOk: 2, diskFreeBytes: 50, poseAgeMs: 0.5 });
      await history.add(atMs + 14_999, {
        ...NO_FIGURES,
        participants: 2,
        joinsOk: 5,
        diskFreeBytes: 40,
        recordings: 1,
      });
      const first = {
        ...NO_FIGURES,
        participants: 3,
        joinsOk: 7,
        diskFreeBytes: 40,
        poseAgeMs: 0.5,
        recordings: 1,
      };
      expect(await history.read('1h', atMs + 15_000)).toEqual([{ atMs, figures: first }]);
      await history.add(atMs + 15_000, { ...NO_FIGURES, participants: 9 });
      const both = { ...first, participants: 9 };
      expect((await history.read('1h', atMs + 15_000)).map(({ figures }) => figures.participants)).toEqual([3, 9]);
      for (const span of ['24h', '7d'] as const) {
        expect(await history.read(span, atMs + 15_000), span).toEqual([{ atMs, figures: both }]);
      }
    });

    it('processes that add to one point at once lose nothing', async () => {
      const { history } = world.store;
      const atMs = START_MS + 2000 * HOUR_MS;
      await Promise.all(Array.from({ length: 8 }, () => history.add(atMs, { ...NO_FIGURES, joinsOk: 1 })));
      expect((await history.read('7d', atMs))[0]?.figures.joinsOk).toBe(8);
    });

    it('a span is as long as it says, and what is older is forgotten', async () => {
      const { history } = world.store;
      const startMs = START_MS + 3000 * HOUR_MS;
      for (let k = 0; k <= 241; k += 1) await history.add(startMs + k * 15_000, { ...NO_FIGURES, meetings: k });
      const nowMs = startMs + 241 * 15_000;
      const hour = await history.read('1h', nowMs);
      expect([hour.length, hour[0]?.figures.meetings, hour.at(-1)?.figures.meetings]).toEqual([240, 2, 241]);
      await history.forget(nowMs);
      expect(await history.read('1h', startMs)).toEqual(hour);
      const later = startMs + HISTORY_SPANS['7d'].lengthS * 1000 + HOUR_MS;
      await history.forget(later);
      for (const span of ['1h', '24h', '7d'] as const) expect(await history.read(span, startMs), span).toEqual([]);
    });
  });
}
