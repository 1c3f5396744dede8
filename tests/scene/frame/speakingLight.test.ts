import { describe, expect, it } from 'vitest';
import { SpeakingLight } from '@/scene/frame/speaking';

const STEP_MS = 1000 / 60;

function play(light: SpeakingLight, ms: number, levelAt: (timeMs: number) => number, isStill = false): boolean[] {
  const on: boolean[] = [];
  for (let timeMs = 0; timeMs < ms; timeMs += STEP_MS) {
    light.advance(levelAt(timeMs), STEP_MS, isStill);
    on.push(light.isOn);
  }
  return on;
}

describe('SpeakingLight', () => {
  it('comes on within two tenths of a second and goes out gently', () => {
    const light = new SpeakingLight();
    play(light, 200, () => 0.7);
    expect(light.shown).toBe(1);
    expect(light.level).toBeGreaterThan(0.6);
    play(light, 600, () => 0);
    expect(light.shown).toBeGreaterThan(0.2);
    play(light, 700, () => 0);
    expect(light.shown).toBe(0);
    expect(light.level).toBe(0);
  });

  it('does not blink between words, nor at a level that hovers about the threshold', () => {
    const words = play(new SpeakingLight(), 6000, (ms) => (ms % 700 < 350 ? 0.6 : 0));
    expect(words.slice(1)).not.toContain(false);
    const hovering = play(new SpeakingLight(), 6000, (ms) => 0.3 + 0.06 * Math.sin(ms / 40));
    expect(hovering.filter((on, i) => i > 0 && on !== hovering[i - 1]).length).toBeLessThanOrEqual(1);
  });

  it('stays dark for the noise of a room', () => {
    expect(play(new SpeakingLight(), 3000, () => 0.25)).not.toContain(true);
  });

  it('neither eases nor pulses where nothing may move', () => {
    const light = new SpeakingLight();
    const seen = new Set<number>();
    for (let i = 0; i < 200; i += 1) {
      light.advance(0.6 + 0.3 * Math.sin(i), STEP_MS, true);
      seen.add(light.level);
      expect(light.shown).toBe(1);
    }
    expect(seen.size).toBe(1);
  });
});
