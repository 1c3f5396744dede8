import { SphereGeometry } from 'three';
import { describe, expect, it } from 'vitest';
import { coarseIndex } from '@/lib/avatarFile/decode/coarseIndex';
import { plainMesh } from './plainMesh';

describe('coarseIndex', () => {
  const { mesh, triangles } = plainMesh(new SphereGeometry(0.2, 48, 32).deleteAttribute('uv'));

  it('keeps fewer triangles the larger the cells, none of them degenerate', () => {
    const counts = [0.01, 0.03, 0.06].map((cell) => coarseIndex(mesh, triangles, cell).length);
    expect(counts[0]!).toBeGreaterThan(counts[1]!);
    expect(counts[1]!).toBeGreaterThan(counts[2]!);
    const coarse = coarseIndex(mesh, triangles, 0.03);
    for (let i = 0; i < coarse.length; i += 3) {
      expect(new Set(coarse.slice(i, i + 3)).size).toBe(3);
    }
  });

  it('moves no corner farther than a cell', () => {
    const cell = 0.03;
    const kept = new Set(coarseIndex(mesh, triangles, cell));
    const at = (vertex: number, axis: number) => mesh.positions[vertex * 3 + axis]!;
    const near = (i: number) =>
      [...kept].some((k) => [0, 1, 2].every((axis) => Math.abs(at(i, axis) - at(k, axis)) <= cell));
    expect(Array.from({ length: mesh.positions.length / 3 }, (_, i) => i).every(near)).toBe(true);
  });

  it('never merges two colours of the palette', () => {
    const striped = plainMesh(new SphereGeometry(0.2, 48, 32));
    const uvs = striped.mesh.uvs!;
    for (let i = 0; i < uvs.length; i += 2) uvs.set([striped.mesh.positions[(i / 2) * 3 + 1]! > 0 ? 0.9 : 0.1, 0.5], i);
    const coarse = coarseIndex(striped.mesh, striped.triangles, 0.06);
    expect(new Set([...coarse].map((i) => uvs[i * 2]!.toFixed(1)))).toEqual(new Set(['0.1', '0.9']));
  });
});
