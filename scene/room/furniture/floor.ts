import {
  BufferGeometry,
  DataTexture,
  Float32BufferAttribute,
  Group,
  LinearFilter,
  LinearMipmapLinearFilter,
  Mesh,
  PlaneGeometry,
  RepeatWrapping,
  RGBAFormat,
  SRGBColorSpace,
  type Texture,
} from 'three';
import { smooth } from '@/lib/core/easing';
import type { CreateMaterial } from '../build/material';
import { falloff, paint, type Shade } from '../build/paint';
import type { Arrangement } from '../plan/arrangement';
import { ROOM } from '../plan/roomSize';
import { distanceOutside, type SeatLine } from '../plan/seatLayout';

/** A point of a racetrack's edge, `turn` from 0 to 1 once round. */
function edgePoint({ halfStraight, radius }: SeatLine, turn: number): [number, number] {
  const angle = turn * Math.PI * 2;
  const side = Math.cos(angle);
  return [Math.sign(side) * halfStraight * Math.min(1, Math.abs(side) * 6) + radius * side, radius * Math.sin(angle)];
}

/** A flat racetrack in the XZ plane that faces up, in rings fine enough for shading by vertex. */
function createStadium(line: SeatLine, rings = 14, steps = 96): BufferGeometry {
  const positions: number[] = [];
  const indices: number[] = [];
  for (let ring = 0; ring <= rings; ring += 1) {
    for (let step = 0; step < steps; step += 1) {
      const [x, z] = edgePoint(line, step / steps);
      positions.push((x * ring) / rings, 0, (z * ring) / rings);
      const next = (step + 1) % steps;
      const [a, b] = [ring * steps + step, ring * steps + next];
      if (ring < rings) indices.push(a, b, b + steps, a, b + steps, a + steps);
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new Float32BufferAttribute(positions, 3));
  geometry.setIndex(indices);
  return upwards(geometry);
}

/** Turns every triangle to face up. */
function upwards(geometry: BufferGeometry): BufferGeometry {
  const count = geometry.attributes.position!.count;
  geometry.setAttribute(
    'normal',
    new Float32BufferAttribute(
      new Float32Array(count * 3).map((_, i) => +(i % 3 === 1)),
      3,
    ),
  );
  const { position } = geometry.attributes;
  const order = geometry.index!.array;
  for (let i = 0; i < order.length; i += 3) {
    const [a, b, c] = [order[i]!, order[i + 1]!, order[i + 2]!];
    const abX = position!.getX(b) - position!.getX(a);
    const abZ = position!.getZ(b) - position!.getZ(a);
    const acX = position!.getX(c) - position!.getX(a);
    const acZ = position!.getZ(c) - position!.getZ(a);
    if (abZ * acX - abX * acZ < 0) [order[i + 1], order[i + 2]] = [c, b];
  }
  return geometry;
}

const SIZE = 256;

/** Repeatable noise 0..1 on a lattice that wraps at `period`. */
function lattice(x: number, y: number, period: number): number {
  const n =
    Math.sin((((x % period) + period) % period) * 127.1 + (((y % period) + period) % period) * 311.7) * 43758.5453;
  return n - Math.floor(n);
}

function smoothNoise(x: number, y: number, period: number): number {
  const [x0, y0] = [Math.floor(x), Math.floor(y)];
  const [fx, fy] = [x - x0, y - y0].map(smooth) as [number, number];
  const low = lattice(x0, y0, period) * (1 - fx) + lattice(x0 + 1, y0, period) * fx;
  const high = lattice(x0, y0 + 1, period) * (1 - fx) + lattice(x0 + 1, y0 + 1, period) * fx;
  return low * (1 - fy) + high * fy;
}

/** Brightness of wood that grows along u, 0..1 around 0.9; tiles in both directions. */
function grain(u: number, v: number): number {
  const bend = smoothNoise(u * 4, v * 4, 4) * 0.9;
  const rings = 0.5 + 0.5 * Math.sin((v * 10 + bend) * Math.PI * 2);
  const fibre = smoothNoise(u * 8, v * 128, 128) * 0.6 + smoothNoise(u * 16, v * 64, 64) * 0.4;
  return 0.8 + 0.1 * rings + 0.1 * fibre;
}

/** `count` boards across v, each a little different, with dark joints between them and butt ends. */
function boards(u: number, v: number, count: number): number {
  const board = Math.floor(v * count);
  const across = v * count - board;
  const tone = 0.86 + 0.14 * lattice(board, 7, count);
  const end = Math.abs(((u + lattice(board, 3, count)) % 1) - 0.5);
  const joint = Math.min(1, Math.min(across, 1 - across) * 26) * Math.min(1, end * 180);
  return tone * (0.72 + 0.28 * joint);
}

function texture(brightness: (u: number, v: number) => number): DataTexture {
  const data = new Uint8Array(SIZE * SIZE * 4);
  for (let i = 0; i < SIZE * SIZE; i += 1) {
    const value = Math.round(255 * Math.min(1, brightness((i % SIZE) / SIZE, Math.floor(i / SIZE) / SIZE)));
    data.set([value, value, value, 255], i * 4);
  }
  const made = new DataTexture(data, SIZE, SIZE, RGBAFormat);
  made.wrapS = RepeatWrapping;
  made.wrapT = RepeatWrapping;
  made.magFilter = LinearFilter;
  made.minFilter = LinearMipmapLinearFilter;
  made.generateMipmaps = true;
  made.colorSpace = SRGBColorSpace;
  made.anisotropy = 4;
  made.needsUpdate = true;
  return made;
}

/** Grain of solid tops, to be multiplied with the wood's colour. */
export function createGrainTexture(): DataTexture {
  return texture(grain);
}

/** Floor boards along u. */
export function createBoardTexture(): DataTexture {
  return texture((u, v) => grain(u, v) * boards(u, v, 8));
}

const OAK_FLOOR = 0xd9bf9e;
const RUG = 0x73827c;
const RUG_EDGE = 0.75;
const BOARD_REPEAT = 0.4;

/** Darker towards the walls and under the table. */
function floorShade(line: SeatLine): Shade {
  const rug = { halfStraight: line.halfStraight, radius: line.radius + RUG_EDGE };
  return (x, _, z) => {
    const wall = Math.min(ROOM.halfX - Math.abs(x), ROOM.halfZ - Math.abs(z));
    return falloff(wall, 1.4, 0.38) * falloff(distanceOutside(rug, x, z), 0.25, 0.12);
  };
}

function boardsMesh(line: SeatLine, texture: Texture, createMaterial: CreateMaterial): Mesh {
  const geometry = new PlaneGeometry(ROOM.halfX * 2, ROOM.halfZ * 2, 30, 24).rotateX(-Math.PI / 2);
  const { position, uv } = geometry.attributes;
  for (let i = 0; i < position!.count; i += 1) {
    uv!.setXY(i, position!.getX(i) * BOARD_REPEAT, position!.getZ(i) * BOARD_REPEAT * 1.3);
  }
  return new Mesh(paint(geometry, OAK_FLOOR, floorShade(line)), createMaterial({ map: texture, vertexColors: true }));
}

function rugMesh({ line, fromTable }: Arrangement, createMaterial: CreateMaterial): Mesh {
  const shape = { halfStraight: line.halfStraight, radius: line.radius + RUG_EDGE };
  const shade: Shade = (x, _, z) => {
    const border = distanceOutside({ ...shape, radius: shape.radius - 0.09 }, x, z) > 0 ? 0.82 : 1;
    return (0.5 + 0.5 * Math.min(1, fromTable(x, z) / 0.55)) * border;
  };
  const mesh = new Mesh(paint(createStadium(shape, 16, 80), RUG, shade), createMaterial({ vertexColors: true }));
  mesh.position.y = 0.006;
  return mesh;
}

/** Oak boards and a felt rug under the table. */
export function createFloor(arrangement: Arrangement, boardTexture: Texture, createMaterial: CreateMaterial): Group {
  const parts = [boardsMesh(arrangement.line, boardTexture, createMaterial), rugMesh(arrangement, createMaterial)];
  for (const part of parts) part.receiveShadow = true;
  return new Group().add(...parts);
}
