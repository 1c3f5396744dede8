import type { Sdf, Vec3 } from '../sdf/sdf';

/** A hair style: its shape in head space, and extra pieces in other colours. */
export interface Hair {
  readonly shape: Sdf;
  /** A band or tie in the accent colour. */
  readonly tie?: Sdf;
  /** Triangles it may keep. */
  readonly triangles: number;
  /** Grid cell (m). */
  readonly cellSize: number;
}

/** Middle of the skull in head space: locks lie flat around it. */
export const SKULL_CENTER: Vec3 = [0, 0.2, -0.012];
