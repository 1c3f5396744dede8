import { beforeAll, describe, expect, it } from 'vitest';
import type { LiveState } from '@/lib/core/recording';
import { LiveFeed } from '@/lib/replay/live/liveFeed';
import { LiveFollower } from '@/lib/replay/live/liveFollower';
import { LiveSchedule } from '@/lib/replay/live/liveSchedule';
import { Replay } from '@/lib/replay/replay';
import { drawnOf, FRAME_MS, type ReceivedMeeting, receiveMeeting, settle } from '@/tests/lib/replay/replayWorld';
import { ManualScheduler } from '@/tests/support/manualScheduler';
import { seededRandom } from '@/tools/seededRandom';

const STARTED_AT_MS = 1_000_000_000;
const SECONDS = 40;
/** A segment is kept so long after its second. */
const DELAY_MS = 60;

interface SiteOptions {
  /** The server's clock minus the viewer's, ms. */
  readonly skewMs?: number;
  /** How old an answer of the cache can be. */
  readonly cacheMs?: number;
  /** Segments that were never written. */
  readonly missing?: ReadonlySet<number>;
  readonly stopsAtMs?: number;
  /** Of viewers that are to send beacons. */
  readonly share?: number;
}

/** A server, seen through a cache, whose recording grows on the viewer's clock. */
class LiveSite {
  readonly asked: { readonly number: number; readonly atMs: number }[] = [];
  readonly early: number[] = [];
  readonly beacons: string[] = [];
  looks = 0;
  isAway = false;
  isExpired = false;
  private cached: { readonly atMs: number; readonly state: LiveState } | null = null;

  constructor(
    private readonly scheduler: ManualScheduler,
    private readonly meeting: ReceivedMeeting,
    private readonly options: SiteOptions = {},
  ) {}

  /** The recording's time now. */
  get nowMs(): number {
    return this.scheduler.nowMs() + (this.options.skewMs ?? 0) - STARTED_AT_MS;
  }

  readonly fetchBytes = async (url: string): Promise<Response> => {
    if (this.isAway) throw new TypeError('away');
    if (this.isExpired) return new Response(null, { status: 401 });
    if (url.endsWith('live.json')) return Response.json(this.look());
    const beacon = /here\/(\w+)$/.exec(url)?.[1];
    if (beacon !== undefined) {
      this.beacons.push(beacon);
      return new Response(null, { status: 204 });
    }
    const number = Number(/(\d{6})\.bin$/.exec(url)![1]);
    this.asked.push({ number, atMs: this.nowMs });
    if (!this.isThere(number)) {
      this.early.push(number);
      return new Response(null, { status: 404 });
    }
    const { made } = this.meeting;
    const row = made.rows[number]!;
    return new Response(made.bytes().slice(row.atByte, row.atByte + row.sizeBytes));
  };

  private look(): LiveState {
    this.looks += 1;
    const { cacheMs = 0 } = this.options;
    const nowMs = this.scheduler.nowMs();
    if (this.cached && nowMs - this.cached.atMs < cacheMs) return this.cached.state;
    let newest = Math.floor((this.lastMs - DELAY_MS) / 1000) - 1;
    while (!this.isThere(newest) && newest >= 0) newest -= 1;
    const state = {
      serverMs: this.nowMs + STARTED_AT_MS,
      startedAtMs: STARTED_AT_MS,
      oldest: newest < 0 ? null : Math.max(0, newest - 119),
      newest: newest < 0 ? null : newest,
      delayMs: DELAY_MS,
      share: this.options.share ?? 1,
      isLive: this.nowMs < (this.options.stopsAtMs ?? Number.POSITIVE_INFINITY),
    };
    this.cached = { atMs: nowMs, state };
    return state;
  }

  private get lastMs(): number {
    return Math.min(this.nowMs, this.options.stopsAtMs ?? Number.POSITIVE_INFINITY);
  }

  private isThere(number: number): boolean {
    return (number + 1) * 1000 + DELAY_MS <= this.lastMs && !this.options.missing?.has(number);
  }
}

describe('a recording that is watched while it is made', () => {
  let meeting: ReceivedMeeting;
  beforeAll(async () => {
    meeting = await receiveMeeting({ durationMs: SECONDS * 1000 });
  });

  /** A viewer who comes after `fromMs`. */
  async function watching(fromMs: number, options: SiteOptions = {}) {
    const { skewMs = 0 } = options;
    const scheduler = new ManualScheduler(() => 0, STARTED_AT_MS - skewMs + fromMs);
    const site = new LiveSite(scheduler, meeting, options);
    const parts = { filesUrl: '/b/x/', scheduler, fetchBytes: site.fetchBytes, random: seededRandom(3) };
    const feed = await LiveFeed.open(parts);
    const replay = new Replay({ recording: feed, scheduler });
    const follower = new LiveFollower(replay, feed, scheduler);
    const run = async (spanMs: number, onStep: () => void = () => {}) => {
      for (let passedMs = 0; passedMs < spanMs; passedMs += FRAME_MS) {
        scheduler.runFor(FRAME_MS);
        await settle();
        replay.advance();
        onStep();
      }
    };
    void follower.start();
    await run(200);
    const behindMs = () => site.nowMs - replay.positionMs;
    const close = () => {
      follower.close();
      replay.close();
      feed.close();
    };
    return { site, feed, replay, follower, run, behindMs, close };
  }

  it.each([0, 3_600_000, -7_200_000])(
    'is shown from its live moment on, less than two seconds behind and without a pause; clocks %i ms apart',
    async (skewMs) => {
      const { replay, run, behindMs, site, close } = await watching(10_300, { skewMs });
      expect(replay.store.getSnapshot().people.map(({ id }) => id)).toEqual(['ana', 'ben', 'cy']);
      const seen: number[] = [];
      const poses = new Set<string>();
      let waits = 0;
      await run(15_000, () => {
        seen.push(behindMs());
        poses.add(drawnOf(replay, 'ana', site.nowMs));
        if (replay.store.getSnapshot().isWaiting) waits += 1;
      });
      expect(Math.max(...seen)).toBeLessThan(2000);
      expect(waits).toBe(0);
      // As many different poses as somebody in the meeting saw in that time.
      const drawn = meeting.drawn.get('ana')!.slice(500, 500 + seen.length);
      expect(poses.size).toBeGreaterThan(0.95 * new Set(drawn).size);
      expect(site.early).toEqual([]);
      close();
    },
  );

  it('no segment is asked for before it is there, and by each viewer at another moment', async () => {
    const asked: number[] = [];
    for (const random of [() => 0, () => 0.999]) {
      const schedule = new LiveSchedule(random);
      const known = { oldest: 0, newest: 5, share: 1, isLive: true };
      schedule.note({ serverMs: 10_000, startedAtMs: 4000, delayMs: 60, ...known }, 500);
      // A quicker answer tells more of the server's clock, a slower one nothing.
      schedule.note({ serverMs: 12_050, startedAtMs: 4000, delayMs: 60, ...known }, 2500);
      schedule.note({ serverMs: 13_000, startedAtMs: 4000, delayMs: 60, ...known }, 3900);
      expect(schedule.liveMs(2500)).toBe(8050);
      asked.push(schedule.askAtMs(7) - 2500);
    }
    expect(asked[0]).toBe(8000 + 60 + 120 - 8050);
    expect(asked[1]! - asked[0]!).toBeCloseTo(180, 0);
  });

  it('through a cache whose answers are a second old it comes as near to the meeting within seconds', async () => {
    const { site, run, behindMs, close } = await watching(10_300, { cacheMs: 1000 });
    site.looks = 0;
    await run(12_000);
    expect(site.early).toEqual([]);
    expect(behindMs()).toBeLessThan(2500);
    expect(site.looks).toBeLessThan(7);
    close();
  });

  it.each([9000, 25_000])('after the network was away for %d ms it leaps to the live moment', async (awayMs) => {
    const { site, feed, run, behindMs, close } = await watching(8300);
    site.isAway = true;
    await run(awayMs);
    expect(feed.store.getSnapshot().trouble).toBe('unreachable');
    site.isAway = false;
    const { length } = site.asked;
    await run(4000);
    expect(feed.store.getSnapshot().trouble).toBeNull();
    expect(behindMs()).toBeLessThan(2500);
    // What has passed long ago is not fetched.
    expect(site.asked.length - length).toBeLessThan(18);
    close();
  });

  it('a second that was not written is left out', async () => {
    const { run, behindMs, feed, close } = await watching(10_300, { missing: new Set([14, 15]) });
    await run(9000);
    const numbers = feed.rows.map(({ number }) => number);
    expect(numbers.filter((number) => number > 12)).toEqual([13, 16, 17, 18]);
    expect(behindMs()).toBeLessThan(2500);
    close();
  });

  it('when it is stopped it is shown to the end, and then is over; the server is asked little', async () => {
    const { site, feed, replay, run, close } = await watching(10_300, { stopsAtMs: 15_500 });
    await run(4000);
    site.looks = 0;
    await run(6000);
    expect(feed.isOver()).toBe(true);
    expect(replay.store.getSnapshot().hasEnded).toBe(true);
    expect(replay.positionMs).toBeGreaterThanOrEqual(14_900);
    expect(site.early.length).toBeLessThanOrEqual(1);
    expect(site.looks).toBeLessThan(5);
    close();
  });

  it.each([
    [1, 2],
    [0, 0],
  ])('of viewers a share of %d tells that it is there, about twice a minute', async (share, beacons) => {
    const { site, run, close } = await watching(2300, { share });
    await run(35_000);
    expect(site.beacons).toHaveLength(beacons);
    for (const beacon of site.beacons) expect(beacon).toMatch(/^[0-9a-f]{16}$/);
    expect(new Set(site.beacons).size).toBeLessThan(2);
    close();
  });

  it('an address that has had its day is over, so that another can be asked for', async () => {
    const { site, feed, run, close } = await watching(10_300);
    site.isExpired = true;
    await run(3000);
    expect(feed.isOver()).toBe(true);
    close();
  });

  it('where nothing is there yet, it says so', async () => {
    const scheduler = new ManualScheduler(() => 0, STARTED_AT_MS + 500);
    const { fetchBytes } = new LiveSite(scheduler, meeting);
    const opening = LiveFeed.open({ filesUrl: '/b/x/', scheduler, fetchBytes });
    await expect(opening).rejects.toMatchObject({ reason: 'empty' });
  });
});
