import type { HeadShape } from '../head/headParts';
import { mix, smoothMax, smoothstep } from '../sdf/maths';
import type { Sdf, Vec3 } from '../sdf/sdf';

/** A hair style: its shape in head space, and a piece in another colour. */
export interface Hair {
  readonly shape: Sdf;
  /** A band or tie in the accent colour. */
  readonly tie?: Sdf;
  /** Triangles it may keep. */
  readonly triangles: number;
  /** Grid cell (m). */
  readonly cellSize: number;
}

/** Middle of the skull in head space; locks lie flat around it. */
export const SKULL_CENTER: Vec3 = [0, 0.2, -0.012];

/** Thickness (m) of hair where it starts to grow. */
const ROOT_THICKNESS = 0.006;
/** Distance (m) from the hairline at which hair reaches its full volume. */
const FULL_AFTER = 0.045;

/** Steepness of the cut at the hairline: a clear edge instead of a wedge that thins out over the skin. */
const EDGE_STEEPNESS = 2.4;
const EDGE_ROUNDING = 0.007;

/** Distance (m) of the cut around the ears, and how much sooner hair reaches its full volume there. */
const EAR_GAP = 0.0025;
const EAR_STEEPNESS = 1.8;

/** Hair thins out more slowly towards the nape, so that it ends on the neck and not in a wedge. */
const NAPE_SLOPE = 0.42;

/** Positive below the line from behind the ears to the nape (head space). */
export function nape(y: number, z: number): number {
  return NAPE_SLOPE * (mix(0.118, 0.062, smoothstep(-0.03, -0.11, z)) - y);
}

/** Hair of shape `full` that lies close to the skin along its `hairline` (positive where no hair grows). */
export function taperedCap(head: HeadShape, full: Sdf, hairline: Sdf): Sdf {
  return (x, y, z) => {
    const line = hairline(x, y, z);
    const ear = EAR_STEEPNESS * (EAR_GAP - head.earRoom(x, y, z));
    const volume = smoothstep(0, -FULL_AFTER, Math.max(line, ear));
    const body = mix(head.scalp(x, y, z) - ROOT_THICKNESS, full(x, y, z), volume);
    return smoothMax(body, Math.max(line * EDGE_STEEPNESS, ear), EDGE_ROUNDING);
  };
}

/** A shape grooved as if combed: `phase` gives the strand coordinate of a point, one strand per 1. */
export function combed(shape: Sdf, depth: number, phase: (x: number, y: number, z: number) => number): Sdf {
  return (x, y, z) => shape(x, y, z) + depth * groove(phase(x, y, z));
}

/** 0 on the ridge of a strand, 1 between two strands: broad ridges, narrow grooves. */
function groove(phase: number): number {
  const toRidge = Math.abs(phase - Math.round(phase)) * 2;
  return smoothstep(0.35, 1, toRidge);
}
