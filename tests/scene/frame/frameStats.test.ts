import { describe, expect, it } from 'vitest';
import { FrameStats, StepTimes } from '@/scene/frame/frameStats';
import { createStage } from './frameStage';

describe('FrameStats', () => {
  it('frame stats are the average cost of the frames of a second', () => {
    const stats = new FrameStats();
    for (let t = 0; t <= 1000; t += 20) stats.add(t, 2, 30, 5000);
    expect(stats.read()).toMatchObject({ cpuMs: 2, draws: 30, triangles: 5000 });
    expect(stats.read().fps).toBeCloseTo(50, 6);
  });

  it('frame stats are copies of the figures', () => {
    const stats = new FrameStats();
    stats.read().fps = 99;
    expect(stats.read().fps).toBe(0);
  });
});

describe('StepTimes', () => {
  it('the time of each step of a frame is an average', () => {
    const names = ['first', 'second', 'third'];
    const times = new StepTimes(names);
    for (let frame = 0; frame < 600; frame += 1) {
      let nowMs = frame * 16;
      times.begin(nowMs);
      names.forEach((_, index) => {
        nowMs += index * 0.1;
        times.end(index, nowMs);
      });
    }
    const figures = times.read();
    expect(figures.map(({ name }) => name)).toEqual(names);
    figures.forEach(({ ms }, index) => {
      expect(ms).toBeCloseTo(index * 0.1, 3);
    });
  });
});

describe('the steps of a frame', () => {
  /** What each step took, on a stage on which only drawing takes time. */
  function slowlyDrawn(isOn: boolean): Record<string, number> {
    const clock = { nowMs: 0 };
    const stage = createStage(2, () => {
      clock.nowMs += 5;
    });
    Object.assign(stage.world.clock, { nowMs: () => clock.nowMs });
    stage.loop.steps.isOn = isOn;
    for (let i = 0; i < 400; i += 1) stage.frame();
    return Object.fromEntries(stage.loop.steps.read().map(({ name, ms }) => [name, ms]));
  }

  it('each step of a frame is measured under its own name', () => {
    const { render, ...others } = slowlyDrawn(true);
    expect(render).toBeCloseTo(5, 1);
    expect(Object.keys(others)).toHaveLength(11);
    expect(Object.values(others).every((ms) => ms === 0)).toBe(true);
  });

  it('the steps of a frame are not measured unless asked for', () => {
    expect(slowlyDrawn(false)).toMatchObject({ render: 0 });
  });
});
