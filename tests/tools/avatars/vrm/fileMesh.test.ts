import { describe, expect, it } from 'vitest';
import { SkinnedMesh, type SkinnedVertex } from '@/tools/avatars/mesh/skinnedMesh';
import { fileMesh } from '@/tools/avatars/vrm/encodeVrm';

function vertexAt(x: number): SkinnedVertex {
  return {
    position: [x, 0, 0],
    normal: [0, 0, 1],
    tint: [1, 1, 1],
    skin: { joints: [0, 0, 0, 0], weights: [255, 0, 0, 0] },
  };
}

function sample(): SkinnedMesh {
  const mesh = new SkinnedMesh();
  mesh.append('skin', [0, 1, 2, 3, 4, 5].map(vertexAt), [
    [0, 1, 2, 2, 3, 4, 3, 4, 5],
    [1, 2, 4, 2, 4, 5],
    [2, 5, 4],
    [5, 4, 2],
  ]);
  return mesh;
}

describe('fileMesh', () => {
  it('a file mesh has the vertices of the coarsest level first, and each triangle keeps its corners', () => {
    const { levels, positions, order } = fileMesh(sample(), 0);
    expect(order.slice(0, 3)).toEqual([5, 4, 2]);
    expect(order[3]).toBe(1);
    const corners = levels.map((triangles) => triangles.map((place) => positions[place * 3]));
    expect(corners).toEqual([
      [0, 1, 2, 2, 3, 4, 3, 4, 5],
      [1, 2, 4, 2, 4, 5],
      [2, 5, 4],
      [5, 4, 2],
    ]);
  });

  it('a file mesh leaves out vertices of finer levels than requested', () => {
    const { levels, positions } = fileMesh(sample(), 2);
    expect(levels).toEqual([
      [2, 0, 1],
      [0, 1, 2],
    ]);
    expect(positions).toHaveLength(9);
  });

  it('a file mesh of one level has its vertices where the whole file has them', () => {
    const [alone, whole] = [fileMesh(sample(), 2, 1), fileMesh(sample(), 0)];
    expect(alone.levels).toEqual([whole.levels[2]]);
    expect(alone.order).toEqual(whole.order.slice(0, alone.order.length));
  });
});
