import { describe, expect, it } from 'vitest';
import { PoseLoop } from '@/lib/meeting/poseLoop';
import { ManualScheduler } from '@/tests/support/manualScheduler';

function countedLoop(fps: number, scheduler: ManualScheduler) {
  const ticks: number[] = [];
  const loop = new PoseLoop(() => ticks.push(scheduler.nowMs()), fps, scheduler);
  return { ticks, loop };
}

describe('the pose loop', () => {
  it('a pose loop ticks at once and then at its rate', () => {
    const scheduler = new ManualScheduler();
    const { ticks, loop } = countedLoop(10, scheduler);
    loop.start();
    scheduler.runFor(450);
    expect(ticks).toEqual([500, 600, 700, 800, 900]);
  });

  it('a pose loop keeps its rate though every timer is late', () => {
    let late = 0;
    const scheduler = new ManualScheduler(() => {
      late = (late + 7) % 20;
      return late;
    });
    const { ticks, loop } = countedLoop(30, scheduler);
    loop.start();
    scheduler.runFor(10_000);
    expect(ticks.length).toBeGreaterThanOrEqual(299);
    expect(ticks.length).toBeLessThanOrEqual(301);
  });

  it('a pose loop skips the ticks it slept through and keeps its rhythm', () => {
    const scheduler = new ManualScheduler();
    const { ticks, loop } = countedLoop(10, scheduler);
    loop.start();
    scheduler.runFor(150);
    scheduler.sleep(5030);
    scheduler.runFor(260);
    expect(ticks).toEqual([500, 600, 5680, 5700, 5800, 5900]);
  });

  it('a pose loop changes its rate without a pause or a burst', () => {
    const scheduler = new ManualScheduler();
    const { ticks, loop } = countedLoop(10, scheduler);
    loop.start();
    scheduler.runFor(220);
    loop.setFps(20);
    scheduler.runFor(130);
    loop.setFps(5);
    scheduler.runFor(400);
    expect(ticks).toEqual([500, 600, 700, 750, 800, 850, 1050, 1250]);
    expect(scheduler.waiting).toBe(1);
  });

  it('a pose loop stops for good, starts again, and starts only once', () => {
    const scheduler = new ManualScheduler();
    const { ticks, loop } = countedLoop(10, scheduler);
    loop.start();
    loop.start();
    scheduler.runFor(150);
    expect(ticks).toHaveLength(2);
    loop.stop();
    loop.stop();
    scheduler.runFor(1000);
    expect(ticks).toHaveLength(2);
    expect(scheduler.waiting).toBe(0);
    loop.start();
    scheduler.runFor(50);
    expect(ticks).toHaveLength(3);
  });

  it('a pose loop can be stopped by its own tick', () => {
    const scheduler = new ManualScheduler();
    let ticks = 0;
    const loop: PoseLoop = new PoseLoop(
      () => {
        ticks += 1;
        loop.stop();
      },
      10,
      scheduler,
    );
    loop.start();
    scheduler.runFor(1000);
    expect({ ticks, waiting: scheduler.waiting }).toEqual({ ticks: 1, waiting: 0 });
  });

  it('a pose loop ticks at once when hastened, and continues from there', () => {
    const scheduler = new ManualScheduler();
    const { ticks, loop } = countedLoop(10, scheduler);
    loop.hasten();
    expect(ticks).toEqual([]);
    loop.start();
    scheduler.runFor(130);
    loop.hasten();
    scheduler.runFor(220);
    expect(ticks).toEqual([500, 600, 630, 730, 830]);
    loop.stop();
    loop.hasten();
    expect([ticks.length, scheduler.waiting]).toEqual([5, 0]);
  });
});
