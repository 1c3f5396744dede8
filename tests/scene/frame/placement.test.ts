import fc from 'fast-check';
import { Quaternion, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import { createPose, HIPS_OFFSET } from '@/lib/pose/pose';
import type { AvatarMeasures } from '@/scene/avatar/avatarMeasures';
import { seatedLegs, writeSeatedHips, writeSeatedLegs } from '@/scene/frame/placement';
import { rotationOf } from '@/scene/frame/poseBlend';

const BODY: AvatarMeasures = {
  hipsY: 0.77,
  hipJointY: 0.735,
  kneeY: 0.41,
  ankleY: 0.085,
  thighBack: 0.09,
  headJointY: 1.188,
  eyeY: 1.358,
  topY: 1.6,
};
const SEAT = 0.345;

const read = (values: Float32Array, at: number) => new Quaternion().fromArray(values, at);

/** Thigh and shin directions in root space. */
function legDirections(values: Float32Array, side: 'left' | 'right') {
  const thigh = read(values, rotationOf('hips')).multiply(read(values, rotationOf(`${side}UpperLeg`)));
  const shin = thigh.clone().multiply(read(values, rotationOf(`${side}LowerLeg`)));
  return { thigh: new Vector3(0, -1, 0).applyQuaternion(thigh), shin: new Vector3(0, -1, 0).applyQuaternion(shin) };
}

describe('seated legs', () => {
  const sitting = seatedLegs(BODY, SEAT);

  it('a seated person’s thighs lie forward and their shins hang, however the hips turn', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1.2, max: 1.2, noNaN: true }),
        fc.double({ min: -0.5, max: 0.5, noNaN: true }),
        (yaw, roll) => {
          const pose = createPose();
          const hips = new Quaternion().setFromAxisAngle(new Vector3(roll, 1, 0).normalize(), yaw);
          hips.toArray(pose.values, rotationOf('hips'));
          writeSeatedLegs(pose.values, sitting);
          for (const side of ['left', 'right'] as const) {
            const { thigh, shin } = legDirections(pose.values, side);
            expect(thigh.z).toBeGreaterThan(0.97);
            expect(shin.y).toBeLessThan(-0.999);
          }
        },
      ),
    );
  });

  it('a seated person’s soles are on the floor', () => {
    const thighLength = BODY.hipJointY - BODY.kneeY;
    const hipJointY = BODY.hipJointY + sitting.hipsY;
    const kneeY = hipJointY - Math.cos(sitting.thighRad) * thighLength;
    expect(kneeY - (BODY.kneeY - BODY.ankleY)).toBeCloseTo(BODY.ankleY, 6);
  });

  it('a seated person rests on the seat', () => {
    const buttocksY = BODY.hipJointY + sitting.hipsY - BODY.thighBack;
    expect(Math.abs(buttocksY - SEAT)).toBeLessThan(0.03);
  });

  it('a seated person’s hips never slide off the seat', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 3, maxLength: 3 }), (sent) => {
        const pose = createPose();
        pose.values.set(sent, HIPS_OFFSET);
        writeSeatedHips(pose.values, sitting);
        expect(Math.abs(pose.values[HIPS_OFFSET]!)).toBeLessThan(0.061);
        expect(pose.values[HIPS_OFFSET + 1]! - sitting.hipsY).toBeGreaterThan(-1e-6);
        expect(Math.abs(pose.values[HIPS_OFFSET + 2]! - sitting.hipsZ)).toBeLessThan(0.061);
      }),
    );
  });
});
