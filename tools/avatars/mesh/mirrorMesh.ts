import type { TriangleMesh } from './surfaceNets';

/** A left-hand mesh and its mirror image, in one. */
export function withMirrorImage({ positions, triangles }: TriangleMesh): TriangleMesh {
  const count = positions.length / 3;
  const both = new Float64Array(positions.length * 2);
  both.set(positions);
  for (let i = 0; i < positions.length; i++) both[positions.length + i] = i % 3 === 0 ? -positions[i]! : positions[i]!;
  const flipped: number[] = [];
  for (let i = 0; i < triangles.length; i += 3)
    flipped.push(triangles[i]! + count, triangles[i + 2]! + count, triangles[i + 1]! + count);
  return { positions: both, triangles: [...triangles, ...flipped] };
}
