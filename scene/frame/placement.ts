import { HIPS_OFFSET } from '@/lib/pose/pose';
import type { AvatarMeasures } from '@/scene/avatar/avatarMeasures';
import { rotationOf } from './poseBlend';

/** Place of a seat's person: metres on the floor, in the space of the room; yaw about +Y, 0 looks along +Z. */
export interface Placement {
  /** Middle of the chair. */
  readonly x: number;
  readonly z: number;
  readonly yawRad: number;
  /** Where the person stands when not seated. */
  readonly standX: number;
  readonly standZ: number;
  /** Height of the seat's surface, or null where there is no chair and the person always stands. */
  readonly seatHeight: number | null;
}

/** How far the knees point outwards, radians. */
const KNEE_SPREAD = 0.09;
/** The steepest thigh, up or down, where seat and legs don't fit. */
const SLOPE_MAX = 0.5;
/** The hips sit this far behind the middle of the chair, metres. */
const SEATED_HIPS_BACK = 0.06;

/** How far the cushion gives way, metres. */
const CUSHION_GIVE = 0.015;

/** How a body sits on a seat. */
export interface SeatedLegs {
  /** Hips relative to their rest position, metres. */
  readonly hipsY: number;
  readonly hipsZ: number;
  /** Angle of the thigh from hanging down to forward, radians; the shin turns back by the same. */
  readonly thighRad: number;
}

/** Sits a body down: thighs on the seat, shins upright, soles on the floor where the legs reach it. */
export function seatedLegs(body: AvatarMeasures, seatHeight: number): SeatedLegs {
  const hipJointY = seatHeight + body.thighBack - CUSHION_GIVE;
  const slope = Math.asin(clampUnit((hipJointY - body.kneeY) / (body.hipJointY - body.kneeY)));
  return {
    hipsY: hipJointY - body.hipJointY,
    hipsZ: -SEATED_HIPS_BACK,
    thighRad: Math.PI / 2 - Math.max(-SLOPE_MAX, Math.min(SLOPE_MAX, slope)),
  };
}

const clampUnit = (x: number): number => Math.max(-1, Math.min(1, x));

const HIPS = rotationOf('hips');

/** Writes `conjugate(hips) * spread * pitch`: a thigh that stays put while the hips turn. */
function writeThigh(values: Float32Array, at: number, spreadRad: number, pitchRad: number): void {
  const hx = -values[HIPS]!;
  const hy = -values[HIPS + 1]!;
  const hz = -values[HIPS + 2]!;
  const hw = values[HIPS + 3]!;
  const x = Math.cos(spreadRad / 2) * Math.sin(pitchRad / 2);
  const y = Math.sin(spreadRad / 2) * Math.cos(pitchRad / 2);
  const z = -Math.sin(spreadRad / 2) * Math.sin(pitchRad / 2);
  const w = Math.cos(spreadRad / 2) * Math.cos(pitchRad / 2);
  values[at] = hw * x + hx * w + hy * z - hz * y;
  values[at + 1] = hw * y - hx * z + hy * w + hz * x;
  values[at + 2] = hw * z + hx * y - hy * x + hz * w;
  values[at + 3] = hw * w - hx * x - hy * y - hz * z;
}

function writePitch(values: Float32Array, at: number, pitchRad: number): void {
  values[at] = Math.sin(pitchRad / 2);
  values[at + 1] = 0;
  values[at + 2] = 0;
  values[at + 3] = Math.cos(pitchRad / 2);
}

const LEFT = [rotationOf('leftUpperLeg'), rotationOf('leftLowerLeg'), rotationOf('leftFoot'), rotationOf('leftToes')];
const RIGHT = [
  rotationOf('rightUpperLeg'),
  rotationOf('rightLowerLeg'),
  rotationOf('rightFoot'),
  rotationOf('rightToes'),
];

function writeLeg(values: Float32Array, leg: readonly number[], spreadRad: number, thighRad: number): void {
  writeThigh(values, leg[0]!, spreadRad, -thighRad);
  writePitch(values, leg[1]!, thighRad);
  writePitch(values, leg[2]!, 0);
  writePitch(values, leg[3]!, 0);
}

/** Writes seated legs into a pose, relative to the rotation of its hips. */
export function writeSeatedLegs(values: Float32Array, sitting: SeatedLegs): void {
  writeLeg(values, LEFT, KNEE_SPREAD, sitting.thighRad);
  writeLeg(values, RIGHT, -KNEE_SPREAD, sitting.thighRad);
}

/** How far a seated person's hips may move on the seat, metres: enough for a shift, not for sliding off. */
const SEATED_SHIFT = 0.06;

function withinShift(metres: number): number {
  return Math.max(-SEATED_SHIFT, Math.min(SEATED_SHIFT, metres));
}

/** Writes seated hips: the seat's place plus the sent motion, within limits. */
export function writeSeatedHips(values: Float32Array, sitting: SeatedLegs): void {
  values[HIPS_OFFSET] = withinShift(values[HIPS_OFFSET]!);
  values[HIPS_OFFSET + 1] = sitting.hipsY + Math.max(0, withinShift(values[HIPS_OFFSET + 1]!));
  values[HIPS_OFFSET + 2] = sitting.hipsZ + withinShift(values[HIPS_OFFSET + 2]!);
}
