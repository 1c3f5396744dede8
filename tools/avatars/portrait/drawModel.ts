import { PALETTE_SLOTS, type Palette, slotRgb } from '../part';
import { clamp, cross, dot, normalize, subtract } from '../sdf/maths';
import type { Vec3 } from '../sdf/sdf';
import type { PosedMesh } from './poseModel';

/** Maps a world point to x, y in pixels (from the top left) and depth (m, growing away). */
type Projection = (p: Vec3) => Vec3;

/** Position of a lens, and how much it shows. */
export interface Lens {
  readonly eye: Vec3;
  readonly target: Vec3;
  /** Half the height (m) seen at one metre's distance. */
  readonly halfField: number;
}

/** A long lens on head and shoulders, slightly from the avatar's left. */
export const PORTRAIT_LENS: Lens = { eye: [0.34, 1.42, 2.3], target: [0, 1.345, 0], halfField: 0.138 };

/** The projection of a lens onto a square of `size` pixels. */
function projectionOf({ eye, target, halfField }: Lens, size: number): Projection {
  const back = normalize(subtract(eye, target));
  const right = normalize(cross([0, 1, 0], back));
  const up = cross(back, right);
  return (p) => {
    const offset = subtract(p, eye);
    const depth = -dot(offset, back);
    const scale = size / (2 * halfField * depth);
    return [size / 2 + dot(offset, right) * scale, size / 2 - dot(offset, up) * scale, depth];
  };
}

const KEY = { from: normalize([0.55, 0.75, 0.8]), light: [1, 0.94, 0.86] } as const;
const RIM = { from: normalize([-0.8, 0.35, -0.55]), light: [0.3, 0.32, 0.36] } as const;
const SKY: Vec3 = [0.6, 0.58, 0.56];
const GROUND: Vec3 = [0.34, 0.29, 0.26];
/** How far light wraps round forms, as through skin: 0 hard, 1 all the way. */
const WRAP = 0.3;

/** Linear light leaving a matte surface of linear `colour`: key, rim and a hemisphere of sky and ground. */
function shade(colour: Vec3, normal: Vec3): Vec3 {
  const key = clamp((dot(normal, KEY.from) + WRAP) / (1 + WRAP)) * 0.62;
  const rim = clamp(dot(normal, RIM.from));
  const up = normal[1] * 0.5 + 0.5;
  const lit = (axis: 0 | 1 | 2) =>
    colour[axis] * (key * KEY.light[axis] + rim * RIM.light[axis] + GROUND[axis] + (SKY[axis] - GROUND[axis]) * up);
  return [lit(0), lit(1), lit(2)];
}

/** An sRGB byte as linear light 0..1 (IEC 61966-2-1). */
function toLinear(byte: number): number {
  const s = byte / 255;
  return s <= 0.04045 ? s / 12.92 : ((s + 0.055) / 1.055) ** 2.4;
}

/** Linear light as an sRGB byte. */
function toSrgb(linear: number): number {
  const l = clamp(linear);
  return Math.round(255 * (l <= 0.0031308 ? l * 12.92 : 1.055 * l ** (1 / 2.4) - 0.055));
}

/** Linear RGB and coverage of every pixel, rows from the top. */
interface Canvas {
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

function emptyCanvas(size: number): Canvas {
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

/** Draws a mesh with a depth buffer and light per pixel, without back faces. */
function rasterise(canvas: Canvas, posed: PosedMesh, project: Projection, palette: Palette): void {
  const corners = cornersOf(posed, project, linearPalette(palette));
  const { triangles } = posed.mesh;
  for (let i = 0; i < triangles.length; i += 3)
    drawTriangle(canvas, [corners[triangles[i]!]!, corners[triangles[i + 1]!]!, corners[triangles[i + 2]!]!]);
}

/** Colours are rounded to this step, which halves the file and does not show. */
const COLOUR_STEP = 2;

/** Averages blocks of `factor` x `factor` samples in linear light; RGBA bytes (sRGB, straight alpha). */
function downsample(canvas: Canvas, factor: number): Uint8Array {
  const size = canvas.size / factor;
  const rgba = new Uint8Array(size * size * 4);
  for (let y = 0; y < size; y++)
    for (let x = 0; x < size; x++) rgba.set(meanOfBlock(canvas, x * factor, y * factor, factor), (y * size + x) * 4);
  return rgba;
}

function meanOfBlock(canvas: Canvas, x0: number, y0: number, factor: number): [number, number, number, number] {
  const sum = [0, 0, 0];
  let covered = 0;
  for (let y = y0; y < y0 + factor; y++)
    for (let x = x0; x < x0 + factor; x++) {
      const pixel = y * canvas.size + x;
      if (!canvas.covered[pixel]) continue;
      covered++;
      for (let axis = 0; axis < 3; axis++) sum[axis]! += canvas.rgb[pixel * 3 + axis]!;
    }
  if (covered === 0) return [0, 0, 0, 0];
  const byte = (axis: number) => Math.min(255, Math.round(toSrgb(sum[axis]! / covered) / COLOUR_STEP) * COLOUR_STEP);
  return [byte(0), byte(1), byte(2), Math.round((covered / factor ** 2) * 255)];
}

const SUPERSAMPLING = 3;

/** Draws posed meshes without a graphics card: `size` x `size` RGBA bytes on a transparent ground, `samples` x `samples` a pixel. */
export function drawModel(
  meshes: readonly PosedMesh[],
  palette: Palette,
  lens: Lens,
  size: number,
  samples = SUPERSAMPLING,
): Uint8Array {
  const canvas = emptyCanvas(size * samples);
  const project = projectionOf(lens, canvas.size);
  for (const posed of meshes) rasterise(canvas, posed, project, palette);
  return downsample(canvas, samples);
}
