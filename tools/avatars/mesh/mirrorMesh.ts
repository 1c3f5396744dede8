import type { Levels } from './levels';

/** A left-hand mesh and its mirror image, in one. */
export function withMirrorImage(
  positions: Float64Array,
  levels: Levels,
): { positions: Float64Array; levels: number[][] } {
  const count = positions.length / 3;
  const both = new Float64Array(positions.length * 2);
  both.set(positions);
  for (let i = 0; i < positions.length; i++) both[positions.length + i] = i % 3 === 0 ? -positions[i]! : positions[i]!;
  return { positions: both, levels: levels.map((triangles) => [...triangles, ...flippedCopy(triangles, count)]) };
}

function flippedCopy(triangles: readonly number[], offset: number): number[] {
  const copy: number[] = [];
  for (let i = 0; i < triangles.length; i += 3)
    copy.push(triangles[i]! + offset, triangles[i + 2]! + offset, triangles[i + 1]! + offset);
  return copy;
}
