import { emptyGradient, gradient } from '../sdf/gradient';
import type { Sdf } from '../sdf/sdf';

/** Width (m) of the differences: a little wide, so that small dents don't sparkle. */
const STEP = 0.002;

/** Unit normals of a field at each vertex. */
export function surfaceNormals(field: Sdf, positions: Float64Array): Float64Array {
  const normals = new Float64Array(positions.length);
  const g = emptyGradient();
  for (let i = 0; i < positions.length; i += 3) {
    gradient(field, positions[i]!, positions[i + 1]!, positions[i + 2]!, g, STEP);
    normals[i] = g.x;
    normals[i + 1] = g.y;
    normals[i + 2] = g.z;
  }
  return normals;
}
