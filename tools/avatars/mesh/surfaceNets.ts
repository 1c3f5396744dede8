import type { Bounds, Sdf } from '../sdf/sdf';
import type { TriangleMesh } from './triangleMesh';

interface Grid {
  readonly nx: number;
  readonly ny: number;
  readonly nz: number;
  readonly cell: number;
  readonly origin: readonly [number, number, number];
  readonly values: Float32Array;
}

/** Samples per side of the blocks that are skipped as a whole if the surface cannot reach them. */
const BLOCK = 8;
/** Safety factor for skipping: a field may overstate the true distance by this much. */
const TRUST = 1.7;

function emptyGrid({ min, max }: Bounds, cell: number): Grid {
  const count = (axis: 0 | 1 | 2) => Math.ceil((max[axis] - min[axis]) / cell) + 1;
  const [nx, ny, nz] = [count(0), count(1), count(2)];
  return { nx, ny, nz, cell, origin: [min[0], min[1], min[2]], values: new Float32Array(nx * ny * nz) };
}

function blocks(samples: number): number[] {
  return Array.from({ length: Math.ceil(samples / BLOCK) }, (_, i) => i * BLOCK);
}

function sampleBlock(field: Sdf, grid: Grid, i0: number, j0: number, k0: number): void {
  const { nx, ny, nz, cell, origin, values } = grid;
  const half = ((BLOCK - 1) / 2) * cell;
  const centre = field(origin[0] + i0 * cell + half, origin[1] + j0 * cell + half, origin[2] + k0 * cell + half);
  const skip = Math.abs(centre) > (half + cell) * Math.sqrt(3) * TRUST;
  for (let k = k0; k < Math.min(k0 + BLOCK, nz); k++)
    for (let j = j0; j < Math.min(j0 + BLOCK, ny); j++)
      for (let i = i0; i < Math.min(i0 + BLOCK, nx); i++)
        values[i + nx * (j + ny * k)] = skip
          ? centre
          : field(origin[0] + i * cell, origin[1] + j * cell, origin[2] + k * cell);
}

function sampleGrid(field: Sdf, box: Bounds, cell: number): Grid {
  const grid = emptyGrid(box, cell);
  for (const k of blocks(grid.nz))
    for (const j of blocks(grid.ny)) for (const i of blocks(grid.nx)) sampleBlock(field, grid, i, j, k);
  return grid;
}

const CORNERS = [0, 1, 2, 3, 4, 5, 6, 7].map((c) => [c & 1, (c >> 1) & 1, (c >> 2) & 1] as const);
const EDGES = [
  [0, 1],
  [2, 3],
  [4, 5],
  [6, 7],
  [0, 2],
  [1, 3],
  [4, 6],
  [5, 7],
  [0, 4],
  [1, 5],
  [2, 6],
  [3, 7],
] as const;

/** Mean of the points where the surface cuts the cell's edges, in cells; null if it cuts none. */
function cellPoint(values: readonly number[]): [number, number, number] | null {
  let count = 0;
  const sum: [number, number, number] = [0, 0, 0];
  for (const [a, b] of EDGES) {
    const va = values[a]!;
    const vb = values[b]!;
    if (va < 0 === vb < 0) continue;
    const t = va / (va - vb);
    for (const axis of [0, 1, 2] as const) {
      const from = CORNERS[a]![axis];
      sum[axis] += from + (CORNERS[b]![axis] - from) * t;
    }
    count++;
  }
  return count === 0 ? null : [sum[0] / count, sum[1] / count, sum[2] / count];
}

function placeVertices(grid: Grid): { vertexOfCell: Int32Array; positions: number[] } {
  const { nx, ny, nz, cell, origin, values } = grid;
  const vertexOfCell = new Int32Array(nx * ny * nz).fill(-1);
  const positions: number[] = [];
  const offsets = CORNERS.map(([x, y, z]) => x + nx * (y + ny * z));
  for (let k = 0; k < nz - 1; k++)
    for (let j = 0; j < ny - 1; j++)
      for (let i = 0; i < nx - 1; i++) {
        const at = i + nx * (j + ny * k);
        let inside = 0;
        for (const offset of offsets) if (values[at + offset]! < 0) inside++;
        if (inside === 0 || inside === 8) continue;
        const point = cellPoint(offsets.map((offset) => values[at + offset]!))!;
        vertexOfCell[at] = positions.length / 3;
        positions.push(
          origin[0] + (i + point[0]) * cell,
          origin[1] + (j + point[1]) * cell,
          origin[2] + (k + point[2]) * cell,
        );
      }
  return { vertexOfCell, positions };
}

function stitch(grid: Grid, vertexOfCell: Int32Array): number[] {
  const { nx, ny, nz, values } = grid;
  const [dx, dy, dz] = [1, nx, nx * ny];
  const triangles: number[] = [];
  const quad = (at: number, u: number, v: number, flip: boolean) => {
    const [a, b, c, d] = [vertexOfCell[at - u - v]!, vertexOfCell[at - v]!, vertexOfCell[at]!, vertexOfCell[at - u]!];
    if (flip) triangles.push(a, c, b, a, d, c);
    else triangles.push(a, b, c, a, c, d);
  };
  for (let k = 1; k < nz - 1; k++)
    for (let j = 1; j < ny - 1; j++)
      for (let i = 1; i < nx - 1; i++) {
        const at = i + nx * (j + ny * k);
        const inside = values[at]! < 0;
        if (inside !== values[at + dx]! < 0) quad(at, dy, dz, !inside);
        if (inside !== values[at + dy]! < 0) quad(at, dz, dx, !inside);
        if (inside !== values[at + dz]! < 0) quad(at, dx, dy, !inside);
      }
  return triangles;
}

/** Meshes the zero surface of a field within `box` on a grid of `cell` metres (naive surface nets, Gibson 1998). */
export function surfaceNets(field: Sdf, box: Bounds, cell: number): TriangleMesh {
  const grid = sampleGrid(field, box, cell);
  const { vertexOfCell, positions } = placeVertices(grid);
  return { positions: Float64Array.from(positions), triangles: stitch(grid, vertexOfCell) };
}
