import { ARKIT_COUNT } from '@/lib/pose/arkit';
import { BODY_BONE_COUNT, BONE_COUNT, BONE_INDEX } from '@/lib/pose/bones';
import { type BodyState, createBodyState, solveBody } from '@/lib/pose/forwardKinematics';
import { FACE_OFFSET, GAZE_OFFSET, type Pose, PosePart, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import { angleBetweenQuats, rotateVector } from '@/lib/pose/quat';

const DEGREES = 180 / Math.PI;
const MM = 1000;
/** The crown of the head, from the head bone. */
const CROWN_M = [0, 0.2, 0];
const FINGERTIPS = [BONE_INDEX.leftMiddleDistal, BONE_INDEX.rightMiddleDistal];

/** Mean and maximum of a measured value. */
class Mean {
  private sum = 0;
  private count = 0;
  max = 0;

  add(value: number): void {
    if (!Number.isFinite(value)) throw new Error('a decoded number is not finite');
    this.sum += value;
    this.count += 1;
    if (value > this.max) this.max = value;
  }

  /** 0 if nothing was measured. */
  get mean(): number {
    return this.count === 0 ? 0 : this.sum / this.count;
  }
}

/** How far decoded poses are from their sources; means over all frames. */
export interface ErrorSummary {
  /** Over the 22 body bones, degrees of local rotation. */
  readonly bodyDeg: number;
  readonly bodyMaxDeg: number;
  /** Over the body bones that move in the clip. */
  readonly movingDeg: number;
  readonly fingersDeg: number;
  /** Over all 52 bones. */
  readonly allDeg: number;
  /** Joints, crown and fingertips of the canonical body, millimetres in the avatar's root space. */
  readonly bodyMm: number;
  readonly bodyMaxMm: number;
  /** The fingertips alone. */
  readonly tipsMm: number;
  /** Error of a weight, which goes from 0 to 1. */
  readonly faceWeight: number;
  readonly gazeDeg: number;
}

const source = createBodyState();
const decoded = createBodyState();
const sourceCrown = [0, 0, 0];
const decodedCrown = [0, 0, 0];

function crownOf({ rotations, positions }: BodyState, out: number[]): void {
  rotateVector(rotations, BONE_INDEX.head * 4, CROWN_M, 0, out, 0);
  for (let k = 0; k < 3; k += 1) out[k] = out[k]! + positions[BONE_INDEX.head * 3 + k]!;
}

function apartMm(a: Float32Array | number[], b: Float32Array | number[], at: number): number {
  return MM * Math.hypot(a[at]! - b[at]!, a[at + 1]! - b[at + 1]!, a[at + 2]! - b[at + 2]!);
}

/** Collects the errors of decoded poses. */
export class ErrorMeter {
  private readonly body = new Mean();
  private readonly moving = new Mean();
  private readonly fingers = new Mean();
  private readonly all = new Mean();
  private readonly joints = new Mean();
  private readonly tips = new Mean();
  private readonly face = new Mean();
  private readonly gaze = new Mean();

  /** `isMoving`: for each body bone, whether it moves in the clip of this frame. */
  add(from: Pose, to: Pose, isMoving: readonly boolean[]): void {
    this.addRotations(from, to, isMoving);
    this.addPositions(from, to);
    if ((from.parts & PosePart.face) === 0) return;
    for (let k = FACE_OFFSET; k < FACE_OFFSET + ARKIT_COUNT; k += 1) {
      this.face.add(Math.abs(from.values[k]! - to.values[k]!));
    }
    const [yaw, pitch] = [GAZE_OFFSET, GAZE_OFFSET + 1].map((k) => from.values[k]! - to.values[k]!);
    this.gaze.add(DEGREES * Math.hypot(yaw!, pitch!));
  }

  private addRotations(from: Pose, to: Pose, isMoving: readonly boolean[]): void {
    const bones = (from.parts & PosePart.leftFingers) !== 0 ? BONE_COUNT : BODY_BONE_COUNT;
    for (let bone = 0; bone < bones; bone += 1) {
      const at = ROTATIONS_OFFSET + bone * 4;
      const degrees = DEGREES * angleBetweenQuats(from.values, at, to.values, at);
      this.all.add(degrees);
      if (bone >= BODY_BONE_COUNT) this.fingers.add(degrees);
      else this.body.add(degrees);
      if (bone < BODY_BONE_COUNT && isMoving[bone]) this.moving.add(degrees);
    }
  }

  private addPositions(from: Pose, to: Pose): void {
    solveBody(from, source);
    solveBody(to, decoded);
    for (let bone = 0; bone < BODY_BONE_COUNT; bone += 1) {
      this.joints.add(apartMm(source.positions, decoded.positions, bone * 3));
    }
    crownOf(source, sourceCrown);
    crownOf(decoded, decodedCrown);
    this.joints.add(apartMm(sourceCrown, decodedCrown, 0));
    for (const tip of FINGERTIPS) {
      const mm = apartMm(source.positions, decoded.positions, tip * 3);
      this.joints.add(mm);
      this.tips.add(mm);
    }
  }

  summary(): ErrorSummary {
    return {
      bodyDeg: this.body.mean,
      bodyMaxDeg: this.body.max,
      movingDeg: this.moving.mean,
      fingersDeg: this.fingers.mean,
      allDeg: this.all.mean,
      bodyMm: this.joints.mean,
      bodyMaxMm: this.joints.max,
      tipsMm: this.tips.mean,
      faceWeight: this.face.mean,
      gazeDeg: this.gaze.mean,
    };
  }
}
