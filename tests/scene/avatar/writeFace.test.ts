import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ARKIT_COUNT, ARKIT_INDEX } from '@/lib/pose/arkit';
import { createPose, FACE_OFFSET, GAZE_OFFSET, PosePart } from '@/lib/pose/pose';
import { writeFace } from '@/scene/avatar/rigRow';

function pairsOf(values: Float32Array, parts: number, level = 0): Map<number, number> {
  const out = new Float32Array(2 * ARKIT_COUNT).fill(9);
  const count = writeFace(values, 0, parts, level, out, 0);
  if (count % 2 === 1) expect([...out.subarray(count * 2, count * 2 + 2)]).toEqual([0, 0]);
  return new Map(Array.from({ length: count }, (_, i) => [out[i * 2]!, out[i * 2 + 1]!]));
}

describe('writeFace', () => {
  it('P-6: writes every weight that shows, and no other', () => {
    fc.assert(
      fc.property(
        fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: ARKIT_COUNT, maxLength: ARKIT_COUNT }),
        (weights) => {
          const pose = createPose();
          pose.values.set(weights, FACE_OFFSET);
          const pairs = pairsOf(pose.values, PosePart.face);
          weights.forEach((weight, i) => {
            expect(pairs.get(i)).toBe(weight >= 0.002 ? weight : undefined);
          });
        },
      ),
    );
  });

  it('P-6: leaves out the faint from afar', () => {
    const pose = createPose();
    pose.values[FACE_OFFSET + ARKIT_INDEX.jawOpen] = 0.5;
    pose.values[FACE_OFFSET + ARKIT_INDEX.eyeBlinkLeft] = 0.05;
    expect([...pairsOf(pose.values, PosePart.face, 2)]).toEqual([[ARKIT_INDEX.jawOpen, 0.5]]);
  });

  it('P-7: looks where the gaze says only where a gaze is present', () => {
    const pose = createPose();
    pose.values[GAZE_OFFSET] = 1;
    expect(pairsOf(pose.values, 0).size).toBe(0);
    const pairs = pairsOf(pose.values, PosePart.gaze);
    expect(pairs).toEqual(
      new Map(
        [
          [ARKIT_INDEX.eyeLookOutLeft, 1],
          [ARKIT_INDEX.eyeLookInRight, 1],
        ].sort((a, b) => a[0]! - b[0]!) as [number, number][],
      ),
    );
  });
});
