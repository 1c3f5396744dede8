import { MeshoptSimplifier } from 'meshoptimizer';
import { beforeAll, describe, expect, it } from 'vitest';
import { meshPart, type PartMesh } from '@/tools/avatars/mesh/meshPart';
import { LEVEL_COUNT } from '@/tools/avatars/mesh/skinnedMesh';
import { FULL_DETAIL, type Part } from '@/tools/avatars/part';
import { bounds, type Sdf } from '@/tools/avatars/sdf/sdf';
import { sphere } from '@/tools/avatars/sdf/shapes';

const BALL: Part = {
  name: 'ball',
  shape: sphere([0, 0, 0], 0.1),
  bounds: bounds([-0.12, -0.12, -0.12], [0.12, 0.12, 0.12]),
  cellSize: 0.008,
  triangles: 600,
  slot: 'skin',
  weights: () => ({ head: 1 }),
};

/** Everything under y = 0 belongs to another part. */
const under: Sdf = (_x, y) => y;
const nothing: Sdf = () => 1;

/** Height of the highest corner of each triangle of a level. */
function tops({ positions, levels }: PartMesh, level: number): number[] {
  const triangles = levels[level]!;
  const height = (corner: number) => positions[triangles[corner]! * 3 + 1]!;
  return triangles.flatMap((_, i) => (i % 3 === 0 ? [Math.max(height(i), height(i + 1), height(i + 2))] : []));
}

describe('meshPart', () => {
  beforeAll(() => MeshoptSimplifier.ready);

  it('a part spends all its triangles on what other parts leave visible', () => {
    const [free, buried] = [meshPart(BALL, nothing, FULL_DETAIL), meshPart(BALL, under, FULL_DETAIL)];
    const seen = (mesh: PartMesh) => tops(mesh, 0).filter((top) => top > 0).length;
    expect(Math.min(...tops(free, 0))).toBeLessThan(-0.09);
    expect(Math.min(...tops(buried, 0))).toBeGreaterThan(-0.012);
    expect(seen(buried)).toBeGreaterThan(1.3 * seen(free));
  });

  it('coarse levels, whose edges are far from the surface, leave out covered skin', () => {
    const mesh = meshPart({ ...BALL, isUnder: true }, under, FULL_DETAIL);
    expect(Math.min(...tops(mesh, 1))).toBeLessThan(-0.0015);
    for (const level of [2, 3]) expect(Math.min(...tops(mesh, level))).toBeGreaterThan(-0.0015);
  });

  it('every level of a part uses vertices of the finer one', () => {
    const { levels } = meshPart(BALL, nothing, FULL_DETAIL);
    expect(levels).toHaveLength(LEVEL_COUNT);
    for (let level = 1; level < LEVEL_COUNT; level += 1) {
      const known = new Set(levels[level - 1]);
      expect(levels[level]!.length).toBeLessThan(levels[level - 1]!.length);
      expect(levels[level]!.every((vertex) => known.has(vertex))).toBe(true);
    }
  });

  it('a thin part with a larger share keeps more triangles', () => {
    const count = (keeps: number) => meshPart({ ...BALL, keeps }, nothing, FULL_DETAIL).levels[2]!.length;
    expect(count(1.8)).toBeGreaterThan(1.5 * count(1));
  });

  it('a part is left out after the last level that shows it', () => {
    const { levels } = meshPart({ ...BALL, lastLevel: 1 }, nothing, FULL_DETAIL);
    expect(levels.map((triangles) => triangles.length > 0)).toEqual([true, true, false, false]);
  });
});
