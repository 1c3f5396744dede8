import { BufferAttribute, SphereGeometry } from 'three';
import { describe, expect, it } from 'vitest';
import { LEVEL_COUNT, meshLevels } from '@/scene/avatar/meshLevels';

/** Of one colour of the palette. */
const sphere = () => new SphereGeometry(0.2, 96, 64).deleteAttribute('uv');
const triangles = (levels: ReturnType<typeof meshLevels>) => levels.map(({ index }) => index!.count / 3);

describe('meshLevels', () => {
  it("draws a file's own levels as they are, and makes only those it lacks", () => {
    const fine = sphere();
    const own = [600, 300].map((count) => new BufferAttribute(fine.index!.array.slice(0, count), 1));
    const levels = meshLevels(fine, own, false, 12_000);
    expect(levels).toHaveLength(LEVEL_COUNT);
    expect(levels.slice(0, 3).map(({ index }) => index)).toEqual([fine.index, ...own]);
    expect(triangles(levels)[3]).toBeLessThanOrEqual(100);
  });

  it('makes each level of a file without any coarser than the one before', () => {
    for (const isFace of [false, true]) {
      const counts = triangles(meshLevels(sphere(), [], isFace, 12_000));
      expect(counts).toHaveLength(LEVEL_COUNT);
      expect([...counts].sort((a, b) => b - a)).toEqual(counts);
      expect(counts[3]).toBeLessThan(counts[0]! / 4);
    }
  });

  it('leaves alone what is coarse already', () => {
    const small = new SphereGeometry(0.2, 12, 8);
    expect(new Set(meshLevels(small, [], false, 500)).size).toBe(1);
  });

  it('goes by the whole model: small parts of a large one become coarser, too', () => {
    const part = () => new SphereGeometry(0.2, 40, 30).deleteAttribute('uv');
    expect(triangles(meshLevels(part(), [], false, 40_000))[2]).toBeLessThan(triangles([part()])[0]! / 1.5);
  });

  it('shares vertices and morphs between levels', () => {
    const fine = sphere();
    fine.morphAttributes.position = [fine.attributes.position!.clone()];
    for (const level of meshLevels(fine, [], true, 12_000)) {
      expect(level.attributes.position).toBe(fine.attributes.position);
      expect(level.morphAttributes.position).toBe(fine.morphAttributes.position);
    }
  });
});
