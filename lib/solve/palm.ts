import { BONE_INDEX } from '@/lib/pose/bones';
import { CANONICAL_OFFSETS } from '@/lib/pose/canonicalBody';
import { FINGER_ROOTS, HAND_WRIST } from './bodyLandmark';
import { turnAbout } from './hinge';
import { between, cross, normalize, quatFromAxes, reject, type Vec3, vec3 } from './vec3';

const [, INDEX, MIDDLE, RING, LITTLE] = FINGER_ROOTS;
const KNUCKLES = [INDEX, MIDDLE, RING, LITTLE] as const;

/** By how much the line from wrist to the middle of the knuckles lies off the hand's axis, towards the little finger. */
const KNUCKLES_OFF_RAD = knucklesOff();

function knucklesOff(): number {
  const bones = ['leftIndexProximal', 'leftMiddleProximal', 'leftRingProximal', 'leftLittleProximal'] as const;
  const sum = (axis: number) => bones.reduce((all, bone) => all + CANONICAL_OFFSETS[BONE_INDEX[bone] * 3 + axis]!, 0);
  return Math.atan2(-sum(2), sum(0));
}

const FALLBACK_ALONG = vec3(1, 0, 0);
const knuckle = vec3();
const along = vec3();
const across = vec3();
const back = vec3();

function writeAlong(points: Float64Array, mirror: number): void {
  along.fill(0);
  for (const root of KNUCKLES) {
    between(points, HAND_WRIST, root, knuckle);
    for (let k = 0; k < 3; k += 1) along[k] = along[k]! + mirror * knuckle[k]!;
  }
  normalize(along, FALLBACK_ALONG);
}

/**
 * The rotation of a hand in the root space from its landmarks (`points`, x y z each, axes of the root space): the line to
 * the knuckles tells the hand's axis, the line across them which way the palm faces. `mirror` as of `Side`.
 */
export function solvePalm(points: Float64Array, mirror: number, out: Float64Array, outAt: number): void {
  writeAlong(points, mirror);
  between(points, LITTLE, INDEX, across);
  reject(along, across, across);
  cross(across, along, back);
  turnAbout(back, along, -mirror * KNUCKLES_OFF_RAD, along);
  cross(along, back, across);
  quatFromAxes(along, back, across, out, outAt);
}

/** The axis along a hand of rotation `hand`. */
export function handAxis(hand: Float64Array, at: number, mirror: number, out: Vec3): Vec3 {
  const x = hand[at]!;
  const y = hand[at + 1]!;
  const z = hand[at + 2]!;
  const w = hand[at + 3]!;
  out[0] = mirror * (1 - 2 * (y * y + z * z));
  out[1] = mirror * 2 * (x * y + z * w);
  out[2] = mirror * 2 * (x * z - y * w);
  return out;
}
