import { emptyGradient, gradient } from '../sdf/gradient';
import type { Sdf } from '../sdf/sdf';

/** Least slope trusted: flatter places would send a vertex far away. */
const MIN_SLOPE = 0.3;

/** Moves vertices along the field's gradient onto its zero surface (Newton steps), in place. */
export function projectToSurface(field: Sdf, positions: Float64Array, steps: number): void {
  const g = emptyGradient();
  for (let step = 0; step < steps; step++)
    for (let i = 0; i < positions.length; i += 3) {
      const [x, y, z] = [positions[i]!, positions[i + 1]!, positions[i + 2]!];
      gradient(field, x, y, z, g);
      const move = field(x, y, z) / Math.max(g.slope, MIN_SLOPE);
      positions[i] = x - g.x * move;
      positions[i + 1] = y - g.y * move;
      positions[i + 2] = z - g.z * move;
    }
}
