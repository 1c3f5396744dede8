import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { letterbox, moveScreen } from '@/scene/react/screen/sharedScreen';

const STEP_MS = 1000 / 60;

function play(motion: { roll: number; light: number }, ms: number, isWanted: boolean, isLit: boolean): void {
  for (let t = 0; t < ms; t += STEP_MS) moveScreen(motion, isWanted, isLit, STEP_MS, false);
}

describe("the room's screen", () => {
  it('the screen comes down before it lights up, and goes dark before it rolls up', () => {
    const motion = { roll: 0, light: 0 };
    for (let t = 0; t < 3000; t += STEP_MS) {
      moveScreen(motion, true, true, STEP_MS, false);
      if (motion.roll < 1) expect(motion.light).toBe(0);
    }
    expect(motion).toEqual({ roll: 1, light: 1 });
    for (let t = 0; t < 3000; t += STEP_MS) {
      moveScreen(motion, false, false, STEP_MS, false);
      if (motion.light > 0) expect(motion.roll).toBe(1);
    }
    expect(motion).toEqual({ roll: 0, light: 0 });
  });

  it('the screen stays dark until there is a picture', () => {
    const motion = { roll: 0, light: 0 };
    play(motion, 3000, true, false);
    expect(motion).toEqual({ roll: 1, light: 0 });
  });

  it('the screen is down at once with reduced motion', () => {
    const motion = { roll: 0, light: 0 };
    moveScreen(motion, true, true, STEP_MS, true);
    expect(motion).toEqual({ roll: 1, light: 1 });
    moveScreen(motion, false, false, STEP_MS, true);
    expect(motion).toEqual({ roll: 0, light: 0 });
  });

  it('a picture of any shape is as large as fits, undistorted', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.2, max: 5, noNaN: true }), (aspect) => {
        const out = { width: 0, height: 0 };
        letterbox(aspect, 4.2, 2.36, out);
        expect(out.width / out.height).toBeCloseTo(aspect, 6);
        expect(out.width).toBeLessThanOrEqual(4.2 + 1e-9);
        expect(out.height).toBeLessThanOrEqual(2.36 + 1e-9);
        expect(Math.max(out.width / 4.2, out.height / 2.36)).toBeCloseTo(1, 6);
      }),
    );
  });
});
