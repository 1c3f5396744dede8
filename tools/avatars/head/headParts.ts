import type { FaceSpec } from '../avatarSpecs';
import { faceSurface } from '../face/faceSurface';
import type { Part, Tint } from '../part';
import { bell, clamp, smoothMin, smoothstep } from '../sdf/maths';
import { bounds, type Sdf, type Vec3 } from '../sdf/sdf';
import { ellipsoid, limb, mirror, raise, subtractShape, union } from '../sdf/shapes';
import { HEAD_HEIGHT } from '../skeleton/restSkeleton';
import { headWeights, rigidHead } from '../weights/bodyWeights';

/** The head in head space: origin at the head bone's height, on the middle line; metres. */
export interface HeadShape {
  /** Skull and face without ears, nose and neck: the base of hair and features. */
  readonly base: Sdf;
  /** Skull, face and neck: where hair at the nape ends. */
  readonly scalp: Sdf;
  /** The ears without their hollow; hair is cut around them. */
  readonly earRoom: Sdf;
  /** All skin, smooth, for the normals. */
  readonly smooth: Sdf;
  /** All skin, with shallow beds under eyes and mouth so that features never sink in. */
  readonly skin: Sdf;
}

/** Middle of the left eye and of the mouth in head space, and their half sizes (m). */
export const EYE_BED = { x: 0.066, y: 0.171, width: 0.034, height: 0.041 } as const;
export const MOUTH_BED = { y: 0.087, width: 0.046, height: 0.016 } as const;
const BED_DEPTH = 0.0016;

function bedDepth(x: number, y: number, z: number): number {
  if (z < 0.04) return 0;
  const eye = Math.hypot((Math.abs(x) - EYE_BED.x) / EYE_BED.width, (y - EYE_BED.y) / EYE_BED.height);
  const mouth = Math.hypot(x / MOUTH_BED.width, (y - MOUTH_BED.y) / MOUTH_BED.height);
  return BED_DEPTH * (smoothstep(1.25, 0.9, eye) + 0.8 * smoothstep(1.4, 0.8, mouth));
}

function baseShape(face: FaceSpec): Sdf {
  const w = face.width;
  return union(
    0.06,
    ellipsoid([0, 0.21, -0.012], [0.16 * w, 0.168, 0.16]),
    ellipsoid([0, 0.14, 0.022], [0.132 * w, 0.118, 0.122]),
    ellipsoid([0, 0.055, 0.058], [0.048 * face.chin, 0.034, 0.046]),
    mirror(ellipsoid([0.067 * w * face.jaw, 0.107, 0.052], [0.063, 0.055, 0.066])),
    ellipsoid([0, 0.22, 0.05], [0.115 * w, 0.04, 0.098]),
  );
}

function earFlap(width: number): Sdf {
  return ellipsoid([0.158 * width, 0.16, -0.012], [0.022, 0.04, 0.028]);
}

function earShape(width: number): Sdf {
  return mirror(subtractShape(earFlap(width), ellipsoid([0.177 * width, 0.163, 0.001], [0.013, 0.024, 0.016]), 0.008));
}

/** The head of a face; `covered` if a scarf lies over its ears. */
export function headShape(face: FaceSpec, covered = false): HeadShape {
  const base = baseShape(face);
  const ears = earShape(face.width);
  const size = face.nose;
  const squash: Vec3 = [face.noseWidth, 1, 1];
  const nose = limb([0, 0.151, 0.137], [0, 0.134, 0.151 + 0.004 * size], 0.009 * size, 0.014 * size, squash);
  const neck = limb([0, -0.125, -0.012], [0, 0.055, -0.012], 0.055, 0.05);
  const nape = limb([0, -0.06, -0.012], [0, 0.075, -0.052], 0.04, 0.062);
  const column = union(0.02, neck, nape);
  const smooth: Sdf = (x, y, z) => {
    const withEars = covered ? base(x, y, z) : smoothMin(base(x, y, z), ears(x, y, z), 0.012);
    return smoothMin(smoothMin(withEars, nose(x, y, z), 0.016), column(x, y, z), 0.03);
  };
  const scalp: Sdf = (x, y, z) => smoothMin(base(x, y, z), column(x, y, z), 0.03);
  const earRoom = mirror(earFlap(face.width));
  return { base, scalp, earRoom, smooth, skin: (x, y, z) => smooth(x, y, z) + bedDepth(x, y, z) };
}

/** How much the blush reduces green and blue. */
const BLUSH_DEPTH = 0.3;

function blushAt([x, y, z]: Vec3, strength: number): number {
  const height = y - HEAD_HEIGHT;
  const cheek =
    bell(((Math.abs(x) - 0.086) / 0.03) ** 2 + ((height - 0.113) / 0.023) ** 2, 1) * smoothstep(0.02, 0.08, z);
  const nose = bell(x * x + (height - 0.136) ** 2, 0.018) * smoothstep(0.12, 0.15, z) * 0.5;
  return clamp((cheek + nose) * strength);
}

/** The head's skin. */
export function headPart(head: HeadShape, face: FaceSpec): Part {
  const tint = (p: Vec3): Tint => {
    const left = 1 - BLUSH_DEPTH * blushAt(p, face.blush);
    return [1, left, left];
  };
  return {
    name: 'head',
    shape: raise(head.skin, HEAD_HEIGHT),
    litAs: raise(head.smooth, HEAD_HEIGHT),
    bounds: bounds([-0.2, HEAD_HEIGHT - 0.13, -0.2], [0.2, HEAD_HEIGHT + 0.4, 0.2]),
    cellSize: 0.0082,
    triangles: 2300,
    slot: 'skin',
    weights: headWeights,
    tint,
    darkest: 0.7,
    isUnder: true,
  };
}

const RIM = { radius: 0.0455, tall: 0.97, thickness: 0.0034 } as const;
/** Space (m) between skin and rims, for lashes and brows. */
const STANDOFF = 0.012;

/** Depth (m, head space) of the front of the head at x, y. */
function frontOf(head: HeadShape, x: number, y: number): number {
  return faceSurface(head.base)(x, y).at[2];
}

/** A round rim in a plane that follows the curve of the face. */
function rimShape(head: HeadShape): Sdf {
  const inner = frontOf(head, EYE_BED.x - RIM.radius * 0.7, EYE_BED.y) + STANDOFF;
  const outer = frontOf(head, EYE_BED.x + RIM.radius * 0.7, EYE_BED.y) + STANDOFF;
  const slope = (outer - inner) / (RIM.radius * 1.4);
  return (x, y, z) => {
    const [dx, dy] = [x - EYE_BED.x, (y - EYE_BED.y) / RIM.tall];
    const plane = (inner + outer) / 2 + slope * dx + 0.002;
    const across = Math.hypot(dx, dy) - RIM.radius;
    return Math.hypot(across, (z - plane) * 0.85) - RIM.thickness;
  };
}

/** Round glasses: two rims, a bridge, and temples to the ears, without lenses, which would hide the eyes. */
export function glassesPart(head: HeadShape, width: number): Part {
  const bridgeZ = frontOf(head, 0.02, EYE_BED.y + 0.012) + STANDOFF + 0.003;
  const bridge = limb([0, EYE_BED.y + 0.016, bridgeZ + 0.003], [0.022, EYE_BED.y + 0.011, bridgeZ], 0.003, 0.003);
  const outer = EYE_BED.x + RIM.radius;
  const hinge: Vec3 = [outer, EYE_BED.y + 0.008, frontOf(head, outer - 0.004, EYE_BED.y) + STANDOFF - 0.002];
  const ear: Vec3 = [0.163 * width, EYE_BED.y + 0.02, -0.005];
  const middle: Vec3 = [0.152 * width, EYE_BED.y + 0.014, 0.065];
  const temples = union(0.002, limb(hinge, middle, 0.003, 0.003), limb(middle, ear, 0.003, 0.003));
  const shape = mirror(union(0.003, rimShape(head), bridge, temples));
  return {
    name: 'glasses',
    shape: raise(shape, HEAD_HEIGHT),
    bounds: bounds([-0.185, HEAD_HEIGHT + 0.11, -0.03], [0.185, HEAD_HEIGHT + 0.235, 0.21]),
    cellSize: 0.0032,
    triangles: 700,
    slot: 'accent',
    weights: rigidHead,
    darkest: 0.8,
    lastLevel: 2,
  };
}
