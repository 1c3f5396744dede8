import { describe, expect, it } from 'vitest';
import { LIVE_BEACON_MS } from '@/lib/core/recording';
import { ViewerCount } from '@/server/services/recordings/viewerCount';
import { seededRandom } from '@/tools/seededRandom';

/** So many viewers, who send beacons as long as they are asked to. */
class Audience {
  readonly viewers: string[];

  constructor(count: number, seed = 1) {
    const random = seededRandom(seed);
    const half = () =>
      Math.floor(random() * 16 ** 8)
        .toString(16)
        .padStart(8, '0');
    this.viewers = Array.from({ length: count }, () => half() + half());
  }

  /** Returns how many beacons were sent. */
  tell(count: ViewerCount, nowMs: number): number {
    const asked = this.viewers.filter((viewer) => Number.parseInt(viewer.slice(0, 8), 16) / 16 ** 8 < count.share);
    for (const viewer of asked) count.note(viewer, nowMs);
    return asked.length;
  }
}

describe('the count of those who watch live', () => {
  it('each viewer counts once, and until nothing has been heard of it for a while', () => {
    const count = new ViewerCount();
    const audience = new Audience(40);
    for (const nowMs of [0, LIVE_BEACON_MS]) audience.tell(count, nowMs);
    expect(count.count(LIVE_BEACON_MS)).toBe(40);
    expect(count.count(3.4 * LIVE_BEACON_MS)).toBe(40);
    expect(count.count(3.5 * LIVE_BEACON_MS)).toBe(0);
  });

  it.each([1000, 20_000])('of %d viewers some hundreds tell, and the count is about right', (viewers) => {
    const count = new ViewerCount();
    const audience = new Audience(viewers);
    let told = 0;
    for (let round = 0; round < 4; round += 1) told = audience.tell(count, round * LIVE_BEACON_MS);
    expect(told).toBeLessThanOrEqual(600);
    expect(Math.abs(count.count(3 * LIVE_BEACON_MS) - viewers) / viewers).toBeLessThan(0.12);
  });

  it('when most have gone, all of the others are asked again', () => {
    const count = new ViewerCount();
    new Audience(20_000).tell(count, 0);
    const left = new Audience(30, 2);
    for (let nowMs = LIVE_BEACON_MS; nowMs < 20 * LIVE_BEACON_MS; nowMs += LIVE_BEACON_MS / 3) {
      left.tell(count, nowMs);
      count.count(nowMs);
    }
    expect(count.share).toBe(1);
    expect(count.count(20 * LIVE_BEACON_MS)).toBe(30);
  });

  it('somebody who claims to be thousands at the least place neither silences all others nor lasts', () => {
    const count = new ViewerCount();
    for (let k = 0; k < 5_000; k += 1) count.note(`00000000${k.toString(16).padStart(8, '0')}`, 0);
    expect(count.share).toBeGreaterThan(0.0009);
    expect(count.count(0)).toBeLessThanOrEqual(614_400);
    for (let nowMs = 3 * LIVE_BEACON_MS; nowMs < 20 * LIVE_BEACON_MS; nowMs += LIVE_BEACON_MS) count.count(nowMs);
    expect(count.share).toBe(1);
    expect(count.count(20 * LIVE_BEACON_MS)).toBe(0);
  });
});
