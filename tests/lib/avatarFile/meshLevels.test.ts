import { SphereGeometry } from 'three';
import { describe, expect, it } from 'vitest';
import { LEVEL_COUNT, meshLevels } from '@/lib/avatarFile/decode/meshLevels';
import { plainMesh } from './plainMesh';

/** Of one colour of the palette. */
const sphere = plainMesh(new SphereGeometry(0.2, 96, 64).deleteAttribute('uv'));
const body = { ...sphere.mesh, isFace: false };

describe('meshLevels', () => {
  it("draws a file's own levels as they are, and makes only those it lacks", () => {
    const own = [sphere.triangles, ...[600, 300].map((count) => sphere.triangles.slice(0, count))];
    const levels = meshLevels(body, own, 12_000);
    expect(levels).toHaveLength(LEVEL_COUNT);
    expect(levels.slice(0, 3)).toEqual(own);
    expect(levels[3]!.length).toBeLessThanOrEqual(300);
  });

  it('makes each level of a file without any coarser than the one before', () => {
    for (const isFace of [false, true]) {
      const counts = meshLevels({ ...body, isFace }, [sphere.triangles], 12_000).map(({ length }) => length);
      expect(counts).toHaveLength(LEVEL_COUNT);
      expect([...counts].sort((a, b) => b - a)).toEqual(counts);
      expect(counts[3]).toBeLessThan(counts[0]! / 4);
    }
  });

  it('leaves alone what is coarse already', () => {
    const small = plainMesh(new SphereGeometry(0.2, 12, 8));
    expect(new Set(meshLevels({ ...small.mesh, isFace: false }, [small.triangles], 500)).size).toBe(1);
  });

  it('goes by the whole model: small parts of a large one become coarser, too', () => {
    const part = plainMesh(new SphereGeometry(0.2, 40, 30).deleteAttribute('uv'));
    const levels = meshLevels({ ...part.mesh, isFace: false }, [part.triangles], 40_000);
    expect(levels[2]!.length).toBeLessThan(part.triangles.length / 1.5);
  });
});
