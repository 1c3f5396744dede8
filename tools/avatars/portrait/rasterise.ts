import { PALETTE_SLOTS, type Palette, slotRgb } from '../palette';
import type { Vec3 } from '../sdf/sdf';
import { normalize } from '../sdf/vec';
import type { Projection } from './camera';
import type { PosedMesh } from './poseModel';
import { shade, toLinear } from './shade';

/** Linear RGB and coverage of every pixel, rows from the top. */
export interface Canvas {
  readonly size: number;
  readonly rgb: Float32Array;
  readonly covered: Uint8Array;
  readonly depth: Float32Array;
}

interface Corner {
  readonly screen: Vec3;
  readonly normal: Vec3;
  readonly colour: Vec3;
}

type Weights = readonly [number, number, number];

export function emptyCanvas(size: number): Canvas {
  const pixels = size * size;
  return {
    size,
    rgb: new Float32Array(pixels * 3),
    covered: new Uint8Array(pixels),
    depth: new Float32Array(pixels).fill(Number.POSITIVE_INFINITY),
  };
}

function linearPalette(palette: Palette): Vec3[] {
  return PALETTE_SLOTS.map((slot) => slotRgb(palette, slot).map(toLinear) as [number, number, number]);
}

function blend(pick: (corner: Corner) => Vec3, [a, b, c]: readonly [Corner, Corner, Corner], w: Weights): Vec3 {
  const at = (axis: 0 | 1 | 2) => pick(a)[axis] * w[0] + pick(b)[axis] * w[1] + pick(c)[axis] * w[2];
  return [at(0), at(1), at(2)];
}

function edge(a: Vec3, b: Vec3, x: number, y: number): number {
  return (b[0] - a[0]) * (y - a[1]) - (b[1] - a[1]) * (x - a[0]);
}

function paint(canvas: Canvas, pixel: number, corners: readonly [Corner, Corner, Corner], w: Weights): void {
  const depth = corners[0].screen[2] * w[0] + corners[1].screen[2] * w[1] + corners[2].screen[2] * w[2];
  if (depth >= canvas.depth[pixel]!) return;
  const normal = normalize(blend((corner) => corner.normal, corners, w));
  canvas.depth[pixel] = depth;
  canvas.covered[pixel] = 1;
  canvas.rgb.set(
    shade(
      blend((corner) => corner.colour, corners, w),
      normal,
    ),
    pixel * 3,
  );
}

function drawTriangle(canvas: Canvas, corners: readonly [Corner, Corner, Corner]): void {
  const [a, b, c] = [corners[0].screen, corners[1].screen, corners[2].screen];
  const area = edge(a, b, c[0], c[1]);
  if (area >= 0) return;
  const range = (axis: 0 | 1) => [
    Math.max(0, Math.floor(Math.min(a[axis], b[axis], c[axis]))),
    Math.min(canvas.size - 1, Math.ceil(Math.max(a[axis], b[axis], c[axis]))),
  ];
  const [x0, x1] = range(0);
  const [y0, y1] = range(1);
  for (let y = y0!; y <= y1!; y++)
    for (let x = x0!; x <= x1!; x++) {
      const [px, py] = [x + 0.5, y + 0.5];
      const w = [edge(b, c, px, py) / area, edge(c, a, px, py) / area, edge(a, b, px, py) / area] as const;
      if (w[0] >= 0 && w[1] >= 0 && w[2] >= 0) paint(canvas, y * canvas.size + x, corners, w);
    }
}

function cornersOf({ mesh, positions, normals }: PosedMesh, project: Projection, colours: readonly Vec3[]): Corner[] {
  return positions.map((position, i) => {
    const base = colours[Math.floor(mesh.paletteU[i]! * PALETTE_SLOTS.length)]!;
    const tint = (axis: 0 | 1 | 2) => base[axis] * mesh.tints[i * 3 + axis]!;
    return { screen: project(position), normal: normals[i]!, colour: [tint(0), tint(1), tint(2)] };
  });
}

/** Draws a mesh with a depth buffer and light per pixel; back faces are left out. */
export function rasterise(canvas: Canvas, posed: PosedMesh, project: Projection, palette: Palette): void {
  const corners = cornersOf(posed, project, linearPalette(palette));
  const { triangles } = posed.mesh;
  for (let i = 0; i < triangles.length; i += 3)
    drawTriangle(canvas, [corners[triangles[i]!]!, corners[triangles[i + 1]!]!, corners[triangles[i + 2]!]!]);
}
