import { describe, expect, it } from 'vitest';
import { surfaceNets } from '@/tools/avatars/mesh/surfaceNets';
import { projectToSurface } from '@/tools/avatars/mesh/triangleMesh';
import { bounds } from '@/tools/avatars/sdf/sdf';
import { ellipsoid, sphere } from '@/tools/avatars/sdf/shapes';

const BOX = bounds([-1.2, -1.2, -1.2], [1.2, 1.2, 1.2]);

function signedVolume(positions: Float64Array, triangles: readonly number[]): number {
  let six = 0;
  for (let i = 0; i < triangles.length; i += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => positions.subarray(triangles[i + k]! * 3, triangles[i + k]! * 3 + 3));
    six +=
      a![0]! * (b![1]! * c![2]! - b![2]! * c![1]!) -
      a![1]! * (b![0]! * c![2]! - b![2]! * c![0]!) +
      a![2]! * (b![0]! * c![1]! - b![1]! * c![0]!);
  }
  return six / 6;
}

describe('surfaceNets', () => {
  it('surface nets close a sphere: every edge is used once in each direction', () => {
    const { triangles } = surfaceNets(sphere([0, 0, 0], 1), BOX, 0.1);
    const edges = new Set<string>();
    for (let i = 0; i < triangles.length; i += 3)
      for (const [a, b] of [
        [0, 1],
        [1, 2],
        [2, 0],
      ] as const) {
        const edge = `${triangles[i + a]}>${triangles[i + b]}`;
        expect(edges.has(edge)).toBe(false);
        edges.add(edge);
      }
    for (const edge of edges) expect(edges.has(edge.split('>').reverse().join('>'))).toBe(true);
  });

  it('surface nets face outwards and, projected, enclose the volume of an ellipsoid within 1 %', () => {
    const field = ellipsoid([0, 0, 0], [1, 0.8, 0.6]);
    const { positions, triangles } = surfaceNets(field, BOX, 0.05);
    projectToSurface(field, positions, 3);
    const exact = (4 / 3) * Math.PI * 1 * 0.8 * 0.6;
    expect(Math.abs(signedVolume(positions, triangles) / exact - 1)).toBeLessThan(0.01);
  });
});
