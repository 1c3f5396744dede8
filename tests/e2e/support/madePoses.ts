import { FACE_OFFSET, GAZE_OFFSET, POSE_LENGTH, type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { setNormalizedQuat } from '@/lib/pose/quat';
import { loadCorpus } from '@/tools/bench/motion/loadCorpus';
import { seededRandom } from '@/tools/seededRandom';

/** Noise lasts some seconds at intervals; now and then a frame is arbitrary. */
const NOISY_FRAMES = 400;
const NOISY_SHARE = 0.25;
const WILD_SHARE = 0.002;
const NOISE = 0.03;

function disturb(values: Float32Array, reach: number, random: () => number): void {
  for (let k = 0; k < POSE_LENGTH; k += 1) values[k] = values[k]! + reach * (2 * random() - 1);
  for (let at = ROTATIONS_OFFSET; at < FACE_OFFSET; at += 4) {
    setNormalizedQuat(values[at]!, values[at + 1]!, values[at + 2]!, values[at + 3]!, values, at);
  }
  for (let k = FACE_OFFSET; k < GAZE_OFFSET; k += 1) values[k] = Math.max(0, Math.min(1, values[k]!));
}

/** `count` poses from the project's own clips in a loop, with noise and arbitrary frames; the same in every run. */
export function madePoses(count: number): Float32Array {
  const source: readonly Pose[] = loadCorpus(null).flatMap(({ poses }) => poses);
  const random = seededRandom(20_000);
  const poses = new Float32Array(count * POSE_LENGTH);
  for (let frame = 0; frame < count; frame += 1) {
    const values = poses.subarray(frame * POSE_LENGTH, (frame + 1) * POSE_LENGTH);
    values.set(source[frame % source.length]!.values);
    const isNoisy = (Math.floor(frame / NOISY_FRAMES) * 0.618034) % 1 < NOISY_SHARE;
    if (random() < WILD_SHARE) disturb(values, 5, random);
    else if (isNoisy) disturb(values, NOISE, random);
  }
  return poses;
}
