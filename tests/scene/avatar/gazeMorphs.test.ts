import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARKIT_COUNT, ARKIT_INDEX, type ArkitBlendshape } from '@/lib/pose/arkit';
import { GAZE_FULL_PITCH, GAZE_FULL_YAW, writeGazeMorphs } from '@/scene/avatar/rigRow';

function gaze(yaw: number, pitch: number): Partial<Record<ArkitBlendshape, number>> {
  const weights = new Float32Array(ARKIT_COUNT);
  writeGazeMorphs(Float32Array.of(yaw, pitch), 0, weights);
  const named = Object.entries(ARKIT_INDEX).map(([name, index]) => [name, Number(weights[index]!.toFixed(6))] as const);
  return Object.fromEntries(named.filter(([, weight]) => weight !== 0));
}

describe('gaze morphs', () => {
  it('P-7: left turns the left eye out and the right eye in', () => {
    expect(gaze(GAZE_FULL_YAW, 0)).toEqual({ eyeLookOutLeft: 1, eyeLookInRight: 1 });
    expect(gaze(-GAZE_FULL_YAW / 2, 0)).toEqual({ eyeLookInLeft: 0.5, eyeLookOutRight: 0.5 });
  });

  it('P-7: up and down move both eyes alike', () => {
    expect(gaze(0, GAZE_FULL_PITCH)).toEqual({ eyeLookUpLeft: 1, eyeLookUpRight: 1 });
    expect(gaze(0, -GAZE_FULL_PITCH)).toEqual({ eyeLookDownLeft: 1, eyeLookDownRight: 1 });
  });

  it('keeps every weight within 0..1 and touches no other shape', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -4, max: 4, noNaN: true }),
        fc.double({ min: -4, max: 4, noNaN: true }),
        (yaw, pitch) => {
          for (const [name, weight] of Object.entries(gaze(yaw, pitch))) {
            expect(name).toMatch(/^eyeLook/);
            expect(weight).toBeGreaterThanOrEqual(0);
            expect(weight).toBeLessThanOrEqual(1);
          }
        },
      ),
    );
  });
});
