import fc from 'fast-check';
import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { BONE_COUNT } from '@/lib/pose/bones';
import {
  ALL_PARTS,
  createPose,
  FACE_OFFSET,
  GAZE_OFFSET,
  HIPS_OFFSET,
  type Pose,
  ROTATIONS_OFFSET,
} from '@/lib/pose/pose';
import { normalizeQuat } from '@/lib/pose/quat';

const component = fc.float({ min: -1, max: 1, noNaN: true });

/** Any valid pose: unit rotations, hips within 20 m, weights of 0 to 1, gaze within 1.5 rad, any parts. */
export const anyPose: fc.Arbitrary<Pose> = fc
  .record({
    hips: fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 3, maxLength: 3 }),
    rotations: fc.array(component, { minLength: BONE_COUNT * 4, maxLength: BONE_COUNT * 4 }),
    face: fc.array(fc.float({ min: 0, max: 1, noNaN: true }), { minLength: ARKIT_COUNT, maxLength: ARKIT_COUNT }),
    gaze: fc.array(fc.float({ min: -1.5, max: 1.5, noNaN: true }), { minLength: 2, maxLength: 2 }),
    parts: fc.integer({ min: 0, max: ALL_PARTS }),
  })
  .map(({ hips, rotations, face, gaze, parts }) => {
    const pose = createPose();
    pose.values.set(hips, HIPS_OFFSET);
    pose.values.set(rotations, ROTATIONS_OFFSET);
    pose.values.set(face, FACE_OFFSET);
    pose.values.set(gaze, GAZE_OFFSET);
    for (let bone = 0; bone < BONE_COUNT; bone += 1) normalizeQuat(pose.values, ROTATIONS_OFFSET + bone * 4);
    pose.parts = parts;
    return pose;
  });
