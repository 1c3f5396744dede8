import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ManualClock } from '@/lib/core/clock';
import { KeyframePolicy } from '@/lib/meeting/keyframes';

class Stage {
  readonly clock = new ManualClock(10_000);
  readonly policy = new KeyframePolicy(this.clock);
  readonly sentAt: number[] = [];

  constructor() {
    this.tick();
    this.sentAt.length = 0;
  }

  /** What a sender does before a frame. */
  tick(): void {
    if (!this.policy.isDue()) return;
    this.sentAt.push(this.clock.nowMs() - 10_000);
    this.policy.sent();
  }

  /** Frames every `stepMs` for `spanMs`; `each` happens before each. */
  run(spanMs: number, stepMs: number, each: (ms: number) => void = () => {}): number[] {
    for (let ms = 0; ms < spanMs; ms += stepMs) {
      each(ms);
      this.tick();
      this.clock.advance(stepMs);
    }
    return this.sentAt;
  }
}

describe('when keyframes are sent', () => {
  it('M-12 the first frame is one, and then none without a cause', () => {
    const policy = new KeyframePolicy(new ManualClock());
    expect(policy.isDue()).toBe(true);
    expect(new Stage().run(3_000, 33)).toEqual([]);
  });

  it('M-12 one at once when somebody joins, and one each 250 ms at most however many join', () => {
    const stage = new Stage();
    const join = (ms: number) => {
      stage.policy.joined(`e${ms}`);
      stage.policy.heard(`e${ms}`);
    };
    expect(stage.run(1_000, 10, join)).toEqual([0, 250, 500, 750]);
  });

  it("M-12 one at once for a newcomer's first request, though it has just joined", () => {
    const stage = new Stage();
    stage.policy.joined('ann');
    stage.tick();
    stage.clock.advance(20);
    stage.policy.heard('ann');
    stage.policy.ask('ann');
    stage.tick();
    expect(stage.sentAt).toEqual([0, 20]);
  });

  it('M-12 so for each newcomer, 250 ms apart, whatever others have asked', () => {
    const stage = new Stage();
    stage.policy.ask('who has lost a packet');
    for (const newcomer of ['ann', 'bob']) stage.policy.joined(newcomer);
    stage.tick();
    for (const newcomer of ['ann', 'bob']) {
      stage.policy.heard(newcomer);
      stage.policy.ask(newcomer);
      stage.run(300, 50);
    }
    // The one between is for bob, who was not heard of yet.
    expect(stage.sentAt).toEqual([0, 0, 150, 300]);
  });

  it('M-13 a flood of requests of one endpoint causes one a second at most', () => {
    const stage = new Stage();
    expect(stage.run(5_000, 10, () => stage.policy.ask('mallory'))).toEqual([0, 1_000, 2_000, 3_000, 4_000]);
    expect(stage.policy.asked).toBe(500);
  });

  it('M-13 one keyframe answers everybody who has asked', () => {
    const stage = new Stage();
    for (let k = 0; k < 15; k += 1) stage.policy.ask(`e${k}`);
    expect(stage.run(3_000, 33)).toEqual([0]);
  });

  it('M-13 a request is answered at the end of its second, not forgotten', () => {
    const stage = new Stage();
    stage.policy.ask('ann');
    stage.run(100, 100);
    stage.policy.ask('bob');
    expect(stage.run(2_000, 100)).toEqual([0, 1_000]);
  });

  it('M-14 again every 150 ms for a newcomer who is not heard of, for two seconds', () => {
    const stage = new Stage();
    stage.policy.joined('watcher');
    expect(stage.run(5_000, 50)).toEqual(Array.from({ length: 14 }, (_, k) => k * 150));
  });

  it('M-14 these serve those who join meanwhile too', () => {
    const stage = new Stage();
    stage.policy.joined('watcher');
    const join = (ms: number) => {
      if (ms !== 260) return;
      stage.policy.joined('ann');
      stage.policy.heard('ann');
    };
    expect(stage.run(1_000, 10, join)).toEqual([0, 150, 300, 450, 600, 750, 900]);
  });

  it('M-14 no more as soon as the newcomer is heard of, or gone', () => {
    for (const end of ['heard', 'left'] as const) {
      const stage = new Stage();
      stage.policy.joined('ann');
      stage.run(300, 50);
      stage.policy[end]('ann');
      expect(stage.run(3_000, 50)).toEqual([0, 150]);
    }
  });

  it('M-15 at once where nothing else could be made use of, whatever was sent before', () => {
    const stage = new Stage();
    stage.run(100, 10, () => stage.policy.need());
    expect(stage.sentAt).toHaveLength(10);
  });

  it('M-13 nothing that others do causes more than twelve a second', () => {
    const act = fc.record({
      what: fc.constantFrom('joined', 'left', 'heard', 'ask'),
      who: fc.constantFrom('a', 'b', 'c', 'd'),
      afterMs: fc.nat(60),
    });
    fc.assert(
      fc.property(fc.array(act, { maxLength: 300 }), (acts) => {
        const stage = new Stage();
        for (const { what, who, afterMs } of acts) {
          stage.clock.advance(afterMs);
          stage.policy[what as 'ask'](who);
          stage.tick();
        }
        for (const atMs of stage.sentAt) {
          const within = stage.sentAt.filter((other) => other >= atMs && other < atMs + 1_000);
          expect(within.length).toBeLessThanOrEqual(12);
        }
      }),
    );
  });
});
