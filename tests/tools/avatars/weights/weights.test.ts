import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { length, mirrored, subtract } from '@/tools/avatars/sdf/maths';
import type { Vec3 } from '@/tools/avatars/sdf/sdf';
import { transformPoint } from '@/tools/avatars/skeleton/affine';
import { MODEL_POSE, modelAt } from '@/tools/avatars/skeleton/modelPose';
import { jointIndex, REST_JOINTS, restAt } from '@/tools/avatars/skeleton/restSkeleton';
import { bodyWeights, handWeights } from '@/tools/avatars/weights/bodyWeights';
import { blendedMatrix, quantiseShares, unpose } from '@/tools/avatars/weights/boneWeights';

const coordinate = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const point = fc.tuple(coordinate(-0.6, 0.6), coordinate(0, 1.3), coordinate(-0.2, 0.5));

describe('weights', () => {
  it.each([
    ['body', bodyWeights],
    ['hand', handWeights],
  ])('weights of the %s sum to 255 everywhere', (_name, field) => {
    fc.assert(
      fc.property(point, (p) => {
        const { joints, weights } = quantiseShares(field(p));
        expect(weights.reduce((sum, weight) => sum + weight, 0)).toBe(255);
        expect(joints.every((joint) => joint >= 0 && joint < REST_JOINTS.length)).toBe(true);
        expect(weights.every((weight) => weight >= 0)).toBe(true);
      }),
    );
  });

  it('weights are symmetric: the right side has the left side’s shares', () => {
    fc.assert(
      fc.property(point, (p) => {
        const swap = (name: string) => name.replace(/^(left|right)/, (side) => (side === 'left' ? 'right' : 'left'));
        const right = bodyWeights(mirrored(p));
        for (const [name, share] of Object.entries(bodyWeights(p)))
          expect(right[swap(name)] ?? 0).toBeCloseTo(share, 9);
      }),
    );
  });

  it('weights are whole in the middle of a limb', () => {
    const middle = (a: Vec3, b: Vec3): Vec3 => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2, (a[2] + b[2]) / 2];
    const forearm = quantiseShares(bodyWeights(middle(modelAt('leftLowerArm'), modelAt('leftHand'))));
    expect(forearm.joints[0]).toBe(jointIndex('leftLowerArm'));
    expect(forearm.weights[0]).toBe(255);
    const shin = quantiseShares(bodyWeights(middle(modelAt('rightLowerLeg'), modelAt('rightFoot'))));
    expect(shin.joints[0]).toBe(jointIndex('rightLowerLeg'));
    expect(shin.weights[0]).toBe(255);
  });

  it('skinning undoes unpose', () => {
    fc.assert(
      fc.property(point, (p) => {
        const skin = quantiseShares(bodyWeights(p));
        const rest = unpose(p, [0, 1, 0], skin);
        const again = transformPoint(blendedMatrix(MODEL_POSE, skin), rest.position);
        expect(length(subtract(again, p))).toBeLessThan(1e-9);
        expect(length(rest.normal)).toBeCloseTo(1, 9);
      }),
    );
  });

  it('weights leave a joint of the T-pose where it is', () => {
    const { position } = unpose(modelAt('leftHand'), [0, 1, 0], {
      joints: [jointIndex('leftHand'), 0, 0, 0],
      weights: [255, 0, 0, 0],
    });
    expect(length(subtract(position, restAt('leftHand')))).toBeLessThan(1e-9);
  });
});
