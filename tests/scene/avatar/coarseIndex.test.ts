import { SphereGeometry } from 'three';
import { describe, expect, it } from 'vitest';
import { coarseGeometry, coarseIndex } from '@/scene/avatar/coarseIndex';

describe('coarseIndex', () => {
  const sphere = new SphereGeometry(0.2, 48, 32).deleteAttribute('uv');

  it('keeps fewer triangles the larger the cells, none of them degenerate', () => {
    const counts = [0.01, 0.03, 0.06].map((cell) => coarseIndex(sphere, cell).length);
    expect(counts[0]!).toBeGreaterThan(counts[1]!);
    expect(counts[1]!).toBeGreaterThan(counts[2]!);
    const coarse = coarseIndex(sphere, 0.03);
    for (let i = 0; i < coarse.length; i += 3) {
      expect(new Set(coarse.slice(i, i + 3)).size).toBe(3);
    }
  });

  it('moves no corner farther than a cell', () => {
    const cell = 0.03;
    const kept = new Set(coarseIndex(sphere, cell));
    const { position } = sphere.attributes;
    const near = (i: number) =>
      [...kept].some((k) =>
        [0, 1, 2].every((axis) => Math.abs(position!.getComponent(i, axis) - position!.getComponent(k, axis)) <= cell),
      );
    expect(Array.from({ length: position!.count }, (_, i) => i).every(near)).toBe(true);
  });

  it('never merges two colours of the palette', () => {
    const striped = new SphereGeometry(0.2, 48, 32);
    const { uv, position } = striped.attributes;
    for (let i = 0; i < uv!.count; i += 1) uv!.setXY(i, position!.getY(i) > 0 ? 0.9 : 0.1, 0.5);
    const coarse = coarseIndex(striped, 0.06);
    const colours = new Set(coarse.map((i) => uv!.getX(i).toFixed(1)));
    expect(colours).toEqual(new Set(['0.1', '0.9']));
  });

  it('shares every vertex buffer with the fine geometry', () => {
    const coarse = coarseGeometry(sphere, 0.03);
    expect(coarse.attributes.position).toBe(sphere.attributes.position);
    expect(coarse.attributes.normal).toBe(sphere.attributes.normal);
  });
});
