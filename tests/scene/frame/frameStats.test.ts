import { describe, expect, it } from 'vitest';
import { FrameStats } from '@/scene/frame/frameStats';

describe('FrameStats', () => {
  it('averages over a second', () => {
    const stats = new FrameStats();
    for (let t = 0; t <= 1000; t += 20) stats.add(t, 2, 30, 5000);
    expect(stats.read()).toMatchObject({ cpuMs: 2, draws: 30, triangles: 5000 });
    expect(stats.read().fps).toBeCloseTo(50, 6);
  });

  it('gives out copies', () => {
    const stats = new FrameStats();
    stats.read().fps = 99;
    expect(stats.read().fps).toBe(0);
  });
});
