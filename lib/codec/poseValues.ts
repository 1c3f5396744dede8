import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { BONE_PARTS } from '@/lib/pose/boneParts';
import { BONE_COUNT } from '@/lib/pose/bones';
import {
  FACE_OFFSET,
  GAZE_OFFSET,
  HIPS_OFFSET,
  type Pose,
  PosePart,
  ROTATIONS_OFFSET,
  resetPose,
} from '@/lib/pose/pose';
import { FACE_CHANNEL, GAZE_CHANNEL, ROTATION_CHANNEL } from './channels';
import { exactRotation } from './rotationMap';
import { UNITS_PER_ONE } from './steps';

/** Writes the channels (1/65536) of the parts present to a pose; all else rests. */
export function writePose(channels: Float64Array, parts: number, pose: Pose): void {
  const { values } = resetPose(pose);
  pose.parts = parts;
  if ((parts & PosePart.hips) !== 0) copyChannels(channels, 0, ROTATION_CHANNEL, values, HIPS_OFFSET);
  for (let bone = 0; bone < BONE_COUNT; bone += 1) {
    if ((parts & BONE_PARTS[bone]!) === 0) continue;
    exactRotation(channels, ROTATION_CHANNEL + bone * 3, 1 / UNITS_PER_ONE, values, ROTATIONS_OFFSET + bone * 4);
  }
  if ((parts & PosePart.face) !== 0) copyChannels(channels, FACE_CHANNEL, ARKIT_COUNT, values, FACE_OFFSET);
  if ((parts & PosePart.gaze) !== 0) copyChannels(channels, GAZE_CHANNEL, 2, values, GAZE_OFFSET);
}

function copyChannels(channels: Float64Array, from: number, count: number, values: Float32Array, at: number): void {
  for (let k = 0; k < count; k += 1) values[at + k] = channels[from + k]! / UNITS_PER_ONE;
}
