import type { StayMoment } from './pageParticipant';

/** What the probe in a page has noted, by the machine's wall clock. */
export interface PageProbe {
  /** Person id and when a pose of theirs last came. */
  readonly heard: ReadonlyArray<readonly [personId: string, atMs: number]>;
  readonly moments: readonly StayMoment[];
  readonly mostOthers: number;
}

/**
 * Looks at `parley.stats()` forty times a second and notes when figures change. It keeps the real clocks of the page, whatever
 * a drill does to `Date`.
 */
export const PAGE_PROBE = `(() => {
  const clock = performance;
  const zeroMs = clock.timeOrigin;
  const nowMs = () => zeroMs + clock.now();
  const heard = new Map();
  const counts = new Map();
  const moments = [];
  let mostOthers = 0;
  setInterval(() => {
    const stats = globalThis.parley?.stats();
    if (!stats) return;
    if (moments.at(-1)?.connection !== stats.connection) moments.push({ atMs: nowMs(), connection: stats.connection });
    mostOthers = Math.max(mostOthers, stats.participants.length);
    for (const { id, posesReceived } of stats.participants) {
      if (posesReceived > 0 && counts.get(id) !== posesReceived) heard.set(id, nowMs());
      counts.set(id, posesReceived);
    }
  }, 25);
  globalThis.drillProbe = { read: () => ({ heard: [...heard], moments, mostOthers }) };
})();`;
