import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KeyframePolicy } from '@/lib/meeting/keyframes';
import { ManualClock } from '@/tests/support/manualClock';

class Stage {
  readonly clock = new ManualClock(10_000);
  readonly policy = new KeyframePolicy(this.clock);
  readonly sentAt: number[] = [];

  constructor() {
    this.tick();
    this.sentAt.length = 0;
  }

  /** What a sender does before each frame. */
  tick(): void {
    if (!this.policy.isDue()) return;
    this.sentAt.push(this.clock.nowMs() - 10_000);
    this.policy.sent();
  }

  /** Makes a frame every `stepMs` for `spanMs`, calling `each` before it. */
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
  it('M-12 the first frame is a keyframe, and none follows without a cause', () => {
    const policy = new KeyframePolicy(new ManualClock());
    expect(policy.isDue()).toBe(true);
    expect(new Stage().run(3_000, 33)).toEqual([]);
  });

  it('M-12 a join causes a keyframe at once, and many joins at most one each 250 ms', () => {
    const stage = new Stage();
    const join = (ms: number) => {
      stage.policy.joined(`e${ms}`);
      stage.policy.heard(`e${ms}`);
    };
    expect(stage.run(1_000, 10, join)).toEqual([0, 250, 500, 750]);
  });

  it("M-12 a newcomer's first request causes a keyframe at once, though it has just joined", () => {
    const stage = new Stage();
    stage.policy.joined('ann');
    stage.tick();
    stage.clock.advance(20);
    stage.policy.heard('ann');
    stage.policy.ask('ann');
    stage.tick();
    expect(stage.sentAt).toEqual([0, 20]);
  });

  it("M-12 each newcomer's first request is answered, 250 ms apart, whatever others have asked", () => {
    const stage = new Stage();
    stage.policy.ask('who has lost a packet');
    for (const newcomer of ['ann', 'bob']) stage.policy.joined(newcomer);
    stage.tick();
    for (const newcomer of ['ann', 'bob']) {
      stage.policy.heard(newcomer);
      stage.policy.ask(newcomer);
      stage.run(300, 50);
    }
    // The keyframe in between is for bob, who has sent nothing yet.
    expect(stage.sentAt).toEqual([0, 0, 150, 300]);
  });

  it('M-13 a flood of requests from one endpoint causes at most one keyframe per second', () => {
    const stage = new Stage();
    expect(stage.run(5_000, 10, () => stage.policy.ask('mallory'))).toEqual([0, 1_000, 2_000, 3_000, 4_000]);
    expect(stage.policy.asked).toBe(500);
  });

  it('M-13 one keyframe answers all who have asked', () => {
    const stage = new Stage();
    for (let k = 0; k < 15; k += 1) stage.policy.ask(`e${k}`);
    expect(stage.run(3_000, 33)).toEqual([0]);
  });

  it('M-13 a request that comes too soon is answered at the end of its second', () => {
    const stage = new Stage();
    stage.policy.ask('ann');
    stage.run(100, 100);
    stage.policy.ask('bob');
    expect(stage.run(2_000, 100)).toEqual([0, 1_000]);
  });

  it('M-14 keyframes repeat every 150 ms for two seconds for a newcomer that sends nothing', () => {
    const stage = new Stage();
    stage.policy.joined('watcher');
    expect(stage.run(5_000, 50)).toEqual(Array.from({ length: 14 }, (_, k) => k * 150));
  });

  it('M-14 repeated keyframes also serve endpoints that join meanwhile', () => {
    const stage = new Stage();
    stage.policy.joined('watcher');
    const join = (ms: number) => {
      if (ms !== 260) return;
      stage.policy.joined('ann');
      stage.policy.heard('ann');
    };
    expect(stage.run(1_000, 10, join)).toEqual([0, 150, 300, 450, 600, 750, 900]);
  });

  it('M-14 keyframes stop repeating once the newcomer sends something or leaves', () => {
    for (const end of ['heard', 'left'] as const) {
      const stage = new Stage();
      stage.policy.joined('ann');
      stage.run(300, 50);
      stage.policy[end]('ann');
      expect(stage.run(3_000, 50)).toEqual([0, 150]);
    }
  });

  it('M-15 a needed keyframe is due at once, whatever was sent before', () => {
    const stage = new Stage();
    stage.run(100, 10, () => stage.policy.need());
    expect(stage.sentAt).toHaveLength(10);
  });

  it('M-13 nothing that others do causes more than twelve keyframes a second', () => {
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
