import { BONE_PARTS } from '@/lib/pose/boneParts';
import { BONE_COUNT } from '@/lib/pose/bones';
import {
  ALL_PARTS,
  createPose,
  FACE_OFFSET,
  GAZE_OFFSET,
  HIPS_OFFSET,
  POSE_LENGTH,
  type Pose,
  PosePart,
  ROTATIONS_OFFSET,
} from '@/lib/pose/pose';

/** No seat and no walk leads farther from where the hips rest, metres. */
const HIPS_MAX_M = 64;
/** Eyes turn no farther than behind the head, radians; the range of a format may end slightly beyond. */
const GAZE_MAX_RAD = 3.5;
const UNIT_TOLERANCE = 1e-4;
const TIME_MAX_MS = 2 ** 32;

const REST = createPose().values;

function isRest(values: Float32Array, from: number, count: number): boolean {
  for (let k = from; k < from + count; k += 1) if (values[k] !== REST[k]) return false;
  return true;
}

function isWithin(values: Float32Array, from: number, count: number, least: number, greatest: number): boolean {
  // Written so that NaN is outside.
  for (let k = from; k < from + count; k += 1) if (!(values[k]! >= least && values[k]! <= greatest)) return false;
  return true;
}

function faultOfBone(values: Float32Array, bone: number, isPresent: boolean): string | null {
  const at = ROTATIONS_OFFSET + bone * 4;
  if (!isPresent) return isRest(values, at, 4) ? null : `bone ${bone} is absent and not at rest`;
  const squared = values[at]! ** 2 + values[at + 1]! ** 2 + values[at + 2]! ** 2 + values[at + 3]! ** 2;
  return Math.abs(squared - 1) <= UNIT_TOLERANCE ? null : `bone ${bone} has length ${Math.sqrt(squared)}`;
}

function faultOfRange(
  { values, parts }: Pose,
  part: number,
  from: number,
  count: number,
  least: number,
  greatest: number,
) {
  if ((parts & part) === 0) return isRest(values, from, count) ? null : `part ${part} is absent and not at rest`;
  return isWithin(values, from, count, least, greatest) ? null : `part ${part} is out of bounds`;
}

/**
 * What is wrong with a decoded frame, or null: finite, within bounds, unit rotations, absent parts at rest (P-8, P-9).
 */
export function faultOfFrame(pose: Pose, timeMs: number): string | null {
  const { values, parts } = pose;
  if (!(timeMs >= 0 && timeMs < TIME_MAX_MS)) return `time ${timeMs}`;
  if (!Number.isInteger(parts) || parts < 0 || parts > ALL_PARTS) return `parts ${parts}`;
  if (values.length !== POSE_LENGTH) return `${values.length} numbers`;
  for (let bone = 0; bone < BONE_COUNT; bone += 1) {
    const fault = faultOfBone(values, bone, (parts & BONE_PARTS[bone]!) !== 0);
    if (fault !== null) return fault;
  }
  return (
    faultOfRange(pose, PosePart.hips, HIPS_OFFSET, 3, -HIPS_MAX_M, HIPS_MAX_M) ??
    faultOfRange(pose, PosePart.face, FACE_OFFSET, GAZE_OFFSET - FACE_OFFSET, 0, 1) ??
    faultOfRange(pose, PosePart.gaze, GAZE_OFFSET, 2, -GAZE_MAX_RAD, GAZE_MAX_RAD)
  );
}
