import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { watchFrames } from '@/app/_session/sessionStats';
import type { SceneHandle } from '@/scene/react/sceneContract';

function sceneAt(fps: number): SceneHandle {
  return { frameStats: () => ({ fps, cpuMs: 1, draws: 1, triangles: 1 }) } as SceneHandle;
}

describe('what the exchange is told of the scene', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('the time between rendered frames is told once a second, null while nothing is drawn', () => {
    let scene: SceneHandle | null = null;
    const told: Array<number | null> = [];
    const stop = watchFrames(
      () => scene,
      (frameMs) => told.push(frameMs),
    );
    vi.advanceTimersByTime(1_000);
    scene = sceneAt(40);
    vi.advanceTimersByTime(1_000);
    scene = sceneAt(0);
    vi.advanceTimersByTime(1_000);
    stop();
    vi.advanceTimersByTime(5_000);
    expect(told).toEqual([null, 25, null]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
