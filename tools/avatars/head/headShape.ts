import type { FaceSpec } from '../avatarSpec';
import { mirror, subtractShape, union } from '../sdf/combine';
import { ellipsoid, limb } from '../sdf/primitives';
import { smoothMin, smoothstep } from '../sdf/scalar';
import type { Sdf, Vec3 } from '../sdf/sdf';

/** The head in head space: origin at the head bone's height, on the middle line; metres. */
export interface HeadShape {
  /** Skull and face without ears, nose and neck: what hair grows on and features lie on. */
  readonly base: Sdf;
  /** Skull, face and neck: where hair at the nape ends. */
  readonly scalp: Sdf;
  /** The ears as if they had no hollow: what hair is cut around. */
  readonly earRoom: Sdf;
  /** All of the skin, smooth: what it is lit as. */
  readonly smooth: Sdf;
  /** All of the skin, with shallow beds under eyes and mouth so that the features never sink in. */
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

/** The head of a face; `covered` where a scarf lies over its ears. */
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
