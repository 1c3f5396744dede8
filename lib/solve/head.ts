import { BONE_INDEX } from '@/lib/pose/bones';
import { conjugateQuat, copyQuat, mulQuat, setNormalizedQuat, slerpQuat } from '@/lib/pose/quat';
import { BodyLandmark } from './bodyLandmark';
import { turnAbout } from './hinge';
import { cross, midpoint, normalize, quatFromAxes, reject, type Vec3, vec3 } from './vec3';

const { nose, leftEye, rightEye, leftEar, rightEar, leftMouth, rightMouth } = BodyLandmark;
const { neck, head, upperChest } = BONE_INDEX;

/** Share of the head's turn against the chest that the neck takes. */
const NECK_SHARE = 0.5;
/** How far the line from between the ears to the face's middle rises while the head is level, radians. */
const FACE_LINE_RAD = Math.atan2(-0.009, 0.093);

const LEFT = vec3(1, 0, 0);
const FORWARD = vec3(0, 0, 1);
const across = vec3();
const forward = vec3();
const up = vec3();
const inverse = new Float64Array(4);

function addAcross(points: Float64Array, left: number, right: number): void {
  for (let k = 0; k < 3; k += 1) across[k] = across[k]! + points[left * 3 + k]! - points[right * 3 + k]!;
}

const FACE_POINTS = [nose, leftEye, rightEye, leftMouth, rightMouth] as const;

function faceMiddle(points: Float64Array, out: Vec3): void {
  out.fill(0);
  for (const point of FACE_POINTS) {
    for (let k = 0; k < 3; k += 1) out[k] = out[k]! + points[point * 3 + k]! / FACE_POINTS.length;
  }
}

/** The head from the body's own points of it: coarse, for when no face is read. */
export function headFromBody(points: Float64Array, out: Float64Array): void {
  across.fill(0);
  addAcross(points, leftEar, rightEar);
  addAcross(points, leftEye, rightEye);
  addAcross(points, leftMouth, rightMouth);
  normalize(across, LEFT);
  faceMiddle(points, forward);
  midpoint(points, leftEar, rightEar, up);
  for (let k = 0; k < 3; k += 1) forward[k] = forward[k]! - up[k]!;
  normalize(forward, FORWARD);
  reject(across, forward, forward);
  turnAbout(across, forward, FACE_LINE_RAD, forward);
  cross(forward, across, up);
  quatFromAxes(across, up, forward, out, 0);
}

/** The head from the face's matrix: `read` against `neutral`, how it was while its owner looked straight ahead. */
export function headFromFace(read: Float64Array, neutral: ArrayLike<number>, out: Float64Array): void {
  setNormalizedQuat(neutral[0]!, neutral[1]!, neutral[2]!, neutral[3]!, inverse, 0);
  conjugateQuat(inverse, 0, inverse, 0);
  mulQuat(inverse, 0, read, 0, out, 0);
  setNormalizedQuat(out[0]!, out[1]!, out[2]!, out[3]!, out, 0);
}

/** Puts the head (rotation in the root space) on the neck. Needs the chest in `world`; writes there. */
export function writeHead(rotation: Float64Array, world: Float64Array): void {
  copyQuat(rotation, 0, world, head * 4);
  slerpQuat(world, upperChest * 4, world, head * 4, NECK_SHARE, world, neck * 4);
}
