import { SphereGeometry } from 'three';
import { describe, expect, it } from 'vitest';
import { meshLevels } from '@/lib/avatarFile/decode/meshLevels';
import { plainMesh } from './plainMesh';

/** In one colour of the palette. */
const sphere = plainMesh(new SphereGeometry(0.2, 96, 64).deleteAttribute('uv'));
const body = { ...sphere.mesh, isFace: false };

describe('meshLevels', () => {
  it("a file's own levels are kept, and only missing ones are made", () => {
    const own = [sphere.triangles, ...[600, 300].map((count) => sphere.triangles.slice(0, count))];
    const levels = meshLevels(body, own, 12_000);
    expect(levels).toHaveLength(4);
    expect(levels.slice(0, 3)).toEqual(own);
    expect(levels[3]!.length).toBeLessThanOrEqual(300);
  });

  it('each level made for a file without levels is coarser than the one before', () => {
    for (const isFace of [false, true]) {
      const counts = meshLevels({ ...body, isFace }, [sphere.triangles], 12_000).map(({ length }) => length);
      expect(counts).toHaveLength(4);
      expect([...counts].sort((a, b) => b - a)).toEqual(counts);
      expect(counts[3]).toBeLessThan(counts[0]! / 4);
    }
  });

  it('a mesh that is coarse already is left alone', () => {
    const small = plainMesh(new SphereGeometry(0.2, 12, 8));
    expect(new Set(meshLevels({ ...small.mesh, isFace: false }, [small.triangles], 500)).size).toBe(1);
  });

  it('small parts of a large model become coarser too', () => {
    const part = plainMesh(new SphereGeometry(0.2, 40, 30).deleteAttribute('uv'));
    const levels = meshLevels({ ...part.mesh, isFace: false }, [part.triangles], 40_000);
    expect(levels[2]!.length).toBeLessThan(part.triangles.length / 1.5);
  });

  describe('made by clustering', () => {
    const { mesh, triangles } = plainMesh(new SphereGeometry(0.2, 48, 32).deleteAttribute('uv'));
    /** The finest level that is made: cells of 2 cm. */
    const CELL_M = 0.02;
    const made = (of: typeof mesh, index: typeof triangles) =>
      meshLevels({ ...of, isFace: false }, [index], 40_000).slice(1);

    it('clustering keeps fewer triangles the larger the cells, none of them degenerate', () => {
      const levels = made(mesh, triangles);
      expect(levels[0]!.length).toBeGreaterThan(levels[1]!.length);
      expect(levels[1]!.length).toBeGreaterThan(levels[2]!.length);
      for (const level of levels) {
        for (let i = 0; i < level.length; i += 3) expect(new Set(level.slice(i, i + 3)).size).toBe(3);
      }
    });

    it('clustering moves no corner farther than a cell', () => {
      const kept = [...new Set(made(mesh, triangles)[0]!)];
      const at = (vertex: number, axis: number) => mesh.positions[vertex * 3 + axis]!;
      const near = (i: number) =>
        kept.some((k) => [0, 1, 2].every((axis) => Math.abs(at(i, axis) - at(k, axis)) <= CELL_M));
      expect(Array.from({ length: mesh.positions.length / 3 }, (_, i) => i).every(near)).toBe(true);
    });

    it('clustering never merges two colours of the palette', () => {
      const striped = plainMesh(new SphereGeometry(0.2, 48, 32));
      const uvs = striped.mesh.uvs!;
      for (let i = 0; i < uvs.length; i += 2)
        uvs.set([striped.mesh.positions[(i / 2) * 3 + 1]! > 0 ? 0.9 : 0.1, 0.5], i);
      const coarse = made(striped.mesh, striped.triangles).at(-1)!;
      expect(new Set([...coarse].map((i) => uvs[i * 2]!.toFixed(1)))).toEqual(new Set(['0.1', '0.9']));
    });
  });
});
