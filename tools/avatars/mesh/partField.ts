import type { Part } from '../part';
import type { Sdf } from '../sdf/sdf';

/** Beyond its box by this much (m) a part no longer matters to occlusion or hiding. */
const MARGIN = 0.07;

function distanceToBox(part: Part, x: number, y: number, z: number): number {
  const { min, max } = part.bounds;
  const nearX = part.mirrored ? Math.abs(x) : x;
  return Math.max(min[0] - nearX, nearX - max[0], min[1] - y, y - max[1], min[2] - z, z - max[2]);
}

/** The union of several parts as one field, exact within {@link MARGIN} of them. */
export function partField(parts: readonly Part[]): Sdf {
  return (x, y, z) => {
    let distance = Number.POSITIVE_INFINITY;
    for (const part of parts) {
      if (distanceToBox(part, x, y, z) > MARGIN) continue;
      distance = Math.min(distance, part.shape(part.mirrored ? Math.abs(x) : x, y, z));
    }
    return distance;
  };
}
