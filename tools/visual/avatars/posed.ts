import { ARKIT_INDEX, type ArkitBlendshape } from '@/lib/pose/arkit';
import { BONE_INDEX, type BoneName } from '@/lib/pose/bones';
import { ALL_PARTS, createPose, FACE_OFFSET, type Pose, PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { mulQuat, quatFromAxisAngle } from '@/lib/pose/quat';
import type { JointTurn } from '@/tools/avatars/skeleton/modelPose';
import type { ArkitWeights } from './expressions';

const AXES = { x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1] } as const;

/** A whole pose of turned joints and a face; eyes go by the face's weights. */
export function posed(turns: readonly JointTurn[], face: ArkitWeights): Pose {
  const pose = createPose();
  const turn = new Float32Array(4);
  for (const { bone, axis, degrees } of turns) {
    const [x, y, z] = AXES[axis];
    const at = ROTATIONS_OFFSET + BONE_INDEX[bone as BoneName] * 4;
    quatFromAxisAngle(x, y, z, (degrees * Math.PI) / 180, turn, 0);
    mulQuat(pose.values, at, turn, 0, pose.values, at);
  }
  for (const [name, weight] of Object.entries(face))
    pose.values[FACE_OFFSET + ARKIT_INDEX[name as ArkitBlendshape]] = weight;
  pose.parts = ALL_PARTS & ~PosePart.gaze;
  return pose;
}
