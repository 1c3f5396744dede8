import { describe, expect, it } from 'vitest';
import { FRAME_STEPS, StepTimes } from '@/scene/frame/frameStats';
import { createStage } from './frameStage';

describe('StepTimes', () => {
  it('comes to what each step takes', () => {
    const times = new StepTimes();
    for (let frame = 0; frame < 600; frame += 1) {
      let nowMs = frame * 16;
      times.begin(nowMs);
      FRAME_STEPS.forEach((_, index) => {
        nowMs += index * 0.1;
        times.end(nowMs);
      });
    }
    const figures = times.read();
    FRAME_STEPS.forEach((step, index) => {
      expect(figures[step]).toBeCloseTo(index * 0.1, 3);
    });
  });
});

describe('the steps of the frame list', () => {
  /** A stage on which only drawing takes time. */
  function slowlyDrawn(isOn: boolean) {
    const clock = { nowMs: 0 };
    const stage = createStage(2, () => {
      clock.nowMs += 5;
    });
    Object.assign(stage.world.clock, { nowMs: () => clock.nowMs });
    stage.loop.steps.isOn = isOn;
    for (let i = 0; i < 400; i += 1) stage.frame();
    return stage.loop.steps.read();
  }

  it('are measured each under its own name', () => {
    const { render, ...others } = slowlyDrawn(true);
    expect(render).toBeCloseTo(5, 1);
    expect(Object.values(others).every((ms) => ms === 0)).toBe(true);
  });

  it('are not measured while nobody wants to know', () => {
    expect(slowlyDrawn(false).render).toBe(0);
  });
});
