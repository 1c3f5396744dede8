import { clamp } from '../sdf/scalar';
import type { Sdf, Vec3 } from '../sdf/sdf';

/** Distances (m) along the normal at which the room above a surface is probed, near to far. */
const PROBES = [0.012, 0.03, 0.06] as const;
/** Each further probe counts this much of the one before. */
const FALLOFF = 0.75;

/** How open a surface is to light, 0 shut to 1 open: distance-field ambient occlusion (Evans 2006). */
export function openness(occluders: Sdf, point: Vec3, normal: Vec3): number {
  let sum = 0;
  let total = 0;
  let weight = 1;
  for (const probe of PROBES) {
    const room = occluders(point[0] + normal[0] * probe, point[1] + normal[1] * probe, point[2] + normal[2] * probe);
    sum += weight * clamp(room / probe);
    total += weight;
    weight *= FALLOFF;
  }
  return sum / total;
}
