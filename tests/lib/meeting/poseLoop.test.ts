import { describe, expect, it } from 'vitest';
import { PoseLoop, type Scheduler } from '@/lib/meeting/poseLoop';

/** Timers on a clock of their own; each fires `lateMs` after it is due. */
class FakeScheduler implements Scheduler {
  private timeMs = 500;
  private readonly tasks = new Map<() => void, number>();

  constructor(private readonly lateMs: () => number = () => 0) {}

  nowMs(): number {
    return this.timeMs;
  }

  schedule(task: () => void, delayMs: number): () => void {
    this.tasks.set(task, this.timeMs + delayMs + this.lateMs());
    return () => this.tasks.delete(task);
  }

  get waiting(): number {
    return this.tasks.size;
  }

  runFor(spanMs: number): void {
    const endMs = this.timeMs + spanMs;
    for (;;) {
      const [task, dueMs] = [...this.tasks].sort((a, b) => a[1] - b[1])[0] ?? [null, Number.POSITIVE_INFINITY];
      if (!task || dueMs > endMs) break;
      this.tasks.delete(task);
      this.timeMs = Math.max(this.timeMs, dueMs);
      task();
    }
    this.timeMs = endMs;
  }

  sleep(spanMs: number): void {
    this.timeMs += spanMs;
  }
}

function countedLoop(fps: number, scheduler: FakeScheduler) {
  const ticks: number[] = [];
  const loop = new PoseLoop(() => ticks.push(scheduler.nowMs()), fps, scheduler);
  return { ticks, loop };
}

describe('the pose loop', () => {
  it('ticks at once and then at its rate', () => {
    const scheduler = new FakeScheduler();
    const { ticks, loop } = countedLoop(10, scheduler);
    loop.start();
    scheduler.runFor(450);
    expect(ticks).toEqual([500, 600, 700, 800, 900]);
  });

  it('keeps its rate though every timer is late', () => {
    let late = 0;
    const scheduler = new FakeScheduler(() => {
      late = (late + 7) % 20;
      return late;
    });
    const { ticks, loop } = countedLoop(30, scheduler);
    loop.start();
    scheduler.runFor(10_000);
    expect(ticks.length).toBeGreaterThanOrEqual(299);
    expect(ticks.length).toBeLessThanOrEqual(301);
  });

  it('leaves out what it slept through and goes on in its rhythm', () => {
    const scheduler = new FakeScheduler();
    const { ticks, loop } = countedLoop(10, scheduler);
    loop.start();
    scheduler.runFor(150);
    scheduler.sleep(5030);
    scheduler.runFor(260);
    expect(ticks).toEqual([500, 600, 5680, 5700, 5800, 5900]);
  });

  it('changes its rate without a pause or a burst', () => {
    const scheduler = new FakeScheduler();
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

  it('stops for good, starts again, and starts only once', () => {
    const scheduler = new FakeScheduler();
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

  it('can be stopped by its own tick', () => {
    const scheduler = new FakeScheduler();
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
});
