import { describe, expect, it } from 'vitest';
import { SpeakingGate } from '@/lib/voice/speakingGate';

describe('SpeakingGate', () => {
  it('opens at once with a voice and not with a quiet room', () => {
    const gate = new SpeakingGate();
    expect(gate.update(0.3, 0)).toBe(false);
    expect(gate.update(0.5, 16)).toBe(true);
  });

  it('stays open between words and closes after a pause', () => {
    const gate = new SpeakingGate();
    gate.update(0.6, 0);
    expect(gate.update(0, 200)).toBe(true);
    expect(gate.update(0.5, 400)).toBe(true);
    expect(gate.update(0, 800)).toBe(true);
    expect(gate.update(0, 900)).toBe(false);
  });

  it('does not flicker at a level between its two thresholds', () => {
    const gate = new SpeakingGate();
    const quietBefore = Array.from({ length: 20 }, (_, at) => gate.update(0.3, at * 100));
    gate.update(0.5, 2000);
    const after = Array.from({ length: 20 }, (_, at) => gate.update(0.3, 2100 + at * 100));
    expect(quietBefore).not.toContain(true);
    expect(after).not.toContain(false);
  });
});
