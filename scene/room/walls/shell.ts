import { type BufferGeometry, CircleGeometry, LatheGeometry, Mesh, PlaneGeometry, Vector2 } from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import type { CreateMaterial } from '../build/material';
import { box, falloff, mergeable, paint, placed, type Shade } from '../build/paint';
import { slab } from '../build/solids';
import { createPlant } from '../furniture/plants';
import { halfTable } from '../furniture/table';
import { OPENING, ROOM } from '../plan/roomSize';
import { createPelmet } from './wallScreen';
import { createWindowFrames } from './windows';

const PRINT_FRAME = 0x8f7257;
const PRINT_PAPER = 0xf1e7d6;
const PRINT_SUN = 0xe3714a;
const PRINT_INK = 0x3c444b;
const SAGE = 0x8f9c82;
const PRINT_CLAY = 0xc08a68;

const PRINT_SIZE = { width: 0.86, height: 1.16 } as const;
const MIDDLE_Y = 1.72;
const FRAME_WIDTH = 0.035;
const FRAME_DEPTH = 0.03;

/**
 * Part of a disc on the paper: its middle aside of and above the print's middle, metres; from `start` over `sweep`
 * radians.
 */
function disc(
  aside: number,
  up: number,
  radius: number,
  color: number,
  start = 0,
  sweep = Math.PI * 2,
): BufferGeometry {
  const flat = new CircleGeometry(radius, 40, start, sweep).translate(aside, up, 0);
  return paint(mergeable(flat), color);
}

type Motif = readonly BufferGeometry[];

/** The sun over two hills; two halves that meet; a bowl under the moon. */
const motifs = (): readonly Motif[] => [
  [
    disc(0.1, 0.16, 0.17, PRINT_SUN),
    disc(-0.1, -0.38, 0.27, SAGE, 0, Math.PI),
    disc(0.14, -0.38, 0.2, PRINT_INK, 0, Math.PI),
  ],
  [disc(-0.012, 0, 0.3, PRINT_INK, Math.PI / 2, Math.PI), disc(0.012, 0, 0.3, PRINT_CLAY, -Math.PI / 2, Math.PI)],
  [disc(0, -0.08, 0.29, PRINT_SUN, Math.PI, Math.PI), disc(0.08, 0.2, 0.12, PRINT_INK)],
];

function print(motif: Motif, z: number): BufferGeometry[] {
  const { width, height } = PRINT_SIZE;
  const x = -ROOM.halfX + FRAME_DEPTH / 2;
  const shade = (_: number, y: number) => falloff(y - (MIDDLE_Y - height / 2), 0.5, 0.15);
  const frame = box(x, MIDDLE_Y, z, FRAME_DEPTH, height + 2 * FRAME_WIDTH, width + 2 * FRAME_WIDTH, PRINT_FRAME, shade);
  const paper = box(x + 0.004, MIDDLE_Y, z, FRAME_DEPTH, height, width, PRINT_PAPER, shade);
  const shapes = motif.map((shape, layer) =>
    placed(shape, x + FRAME_DEPTH / 2 + 0.006 + layer * 0.002, MIDDLE_Y, z, Math.PI / 2),
  );
  return [frame, paper, ...shapes];
}

/** Three framed prints on the wall behind the screen. */
function createPrints(): BufferGeometry[] {
  return motifs().flatMap((motif, i) => print(motif, (1 - i) * 1.36));
}

const PERSIMMON = 0xe3714a;
const INK = 0x2f3338;
const CLAY = 0xb5714e;
const CREAM = 0xe9dcc7;
const FURNITURE = 0xa8876a;
const FURNITURE_DARK = 0x7d624c;

function sideboard(): BufferGeometry[] {
  const z = ROOM.halfZ - 0.3;
  const shade = (_: number, y: number) => falloff(y, 0.5, 0.35);
  const doors = [-0.9, -0.3, 0.3, 0.9].map((x) => box(x, 0.4, z - 0.226, 0.58, 0.44, 0.012, FURNITURE, shade));
  const legs = [-1.1, 1.1].map((x) => box(x, 0.07, z, 0.05, 0.14, 0.36, FURNITURE_DARK));
  return [box(0, 0.4, z, 2.5, 0.52, 0.44, FURNITURE_DARK, shade), ...doors, ...legs, ...onTheSideboard(z)];
}

function onTheSideboard(z: number): BufferGeometry[] {
  const top = 0.66;
  const books = [0x9c4f34, 0x3f5560, 0xcab489, 0x6b7355, 0x2f3338].map((color, i) =>
    box(-0.95 + i * 0.062, top + 0.12 + (i % 3) * 0.012, z, 0.05, 0.24 + (i % 3) * 0.024, 0.17, color),
  );
  const vase = [
    [0.001, 0],
    [0.07, 0.01],
    [0.1, 0.1],
    [0.06, 0.2],
    [0.035, 0.26],
    [0.045, 0.29],
  ].map(([r, y]) => new Vector2(r, y));
  const jug = paint(mergeable(new LatheGeometry(vase, 20)), CREAM, (_, y) => falloff(y, 0.2, 0.3));
  return [...books, placed(jug, 0.35, top, z), placed(createPlant(0.55, 13, CLAY), 0.95, top, z)];
}

/** Parley's mark as a relief: the table's two halves, upright on the slats. */
function relief(): BufferGeometry[] {
  const line = { halfStraight: 0.5, radius: 0.95 };
  const half = (color: number, turn: number) => {
    const geometry = slab(halfTable(line), 0.04);
    geometry.rotateZ(turn).scale(0.62, 0.62, 1).rotateY(Math.PI);
    return placed(paint(mergeable(geometry), color), 0, 1.85, ROOM.halfZ - 0.07);
  };
  return [half(PERSIMMON, 0), half(CREAM, Math.PI)];
}

function lowShelf(): BufferGeometry[] {
  return [box(-ROOM.halfX + 0.2, 0.28, 0, 0.36, 0.4, 2.4, FURNITURE, (_, y) => falloff(y, 0.5, 0.35))];
}

/** Furniture along the walls, plants, the mark, the prints and the screen's pelmet. */
function createDecor(): BufferGeometry[] {
  const { halfX, halfZ } = ROOM;
  return [
    ...sideboard(),
    ...relief(),
    ...lowShelf(),
    ...createPrints(),
    ...createPelmet(),
    placed(createPlant(1.5, 19, CREAM), -halfX + 0.75, 0, -halfZ + 0.75),
    placed(createPlant(1.15, 16, CLAY), halfX - 0.7, 0, halfZ - 0.75, 1),
    placed(createPlant(1.3, 17, INK), halfX - 0.7, 0, -halfZ + 0.8, 2),
  ];
}

const PAPER = 0xf5eee3;
const CEILING = 0xf6eee2;
const WOOD = 0xc4a581;
const WOOD_DARK = 0x8f7257;
const FELTS = [0x9fa893, 0xc9b79c, 0xb9836a, 0x8d9a9b] as const;

/** Darker in the corners, most of all where two walls meet. */
const cornerShade: Shade = (x, y, z) => {
  const along = Math.max(ROOM.halfX - Math.abs(x), ROOM.halfZ - Math.abs(z));
  return falloff(along, 1.6, 0.26) * falloff(y, 1, 0.3) * falloff(ROOM.height - y, 1.1, 0.2);
};

function wall(width: number, yawRad: number, distance: number): BufferGeometry {
  const geometry = new PlaneGeometry(width, ROOM.height, 24, 10).translate(0, ROOM.height / 2, -distance);
  return paint(mergeable(geometry.rotateY(yawRad)), PAPER, cornerShade);
}

/** The wall opposite the screen, around the gallery's opening. */
function openedWall(): BufferGeometry[] {
  const { halfWidth, height } = OPENING;
  const side = ROOM.halfZ - halfWidth;
  const piece = (width: number, tall: number, z: number, y: number) => {
    const plane = new PlaneGeometry(width, tall, 10, 8).rotateY(-Math.PI / 2).translate(ROOM.halfX, y, z);
    return paint(mergeable(plane), PAPER, cornerShade);
  };
  return [
    piece(side, ROOM.height, -halfWidth - side / 2, ROOM.height / 2),
    piece(side, ROOM.height, halfWidth + side / 2, ROOM.height / 2),
    piece(halfWidth * 2, ROOM.height - height, 0, (ROOM.height + height) / 2),
  ];
}

function ceiling(): BufferGeometry {
  const geometry = new PlaneGeometry(ROOM.halfX * 2, ROOM.halfZ * 2, 12, 10).rotateX(Math.PI / 2);
  const shade: Shade = (x, _, z) => falloff(Math.min(ROOM.halfX - Math.abs(x), ROOM.halfZ - Math.abs(z)), 1.6, 0.3);
  return paint(mergeable(geometry.translate(0, ROOM.height, 0)), CEILING, shade);
}

function skirting(): BufferGeometry[] {
  const { halfX, halfZ } = ROOM;
  const height = 0.11;
  const skirted = (halfZ + OPENING.halfWidth) / 2;
  return [
    box(0, height / 2, -halfZ + 0.012, halfX * 2, height, 0.024, WOOD),
    box(0, height / 2, halfZ - 0.012, halfX * 2, height, 0.024, WOOD),
    box(-halfX + 0.012, height / 2, 0, 0.024, height, halfZ * 2, WOOD),
    box(halfX - 0.012, height / 2, -skirted, 0.024, height, halfZ - OPENING.halfWidth, WOOD),
    box(halfX - 0.012, height / 2, skirted, 0.024, height, halfZ - OPENING.halfWidth, WOOD),
  ];
}

/** Upright slats on the wall opposite the windows. */
function slats(): BufferGeometry[] {
  const count = 64;
  const width = 7.6;
  const backing = box(0, 1.55, ROOM.halfZ - 0.02, width + 0.1, 2.9, 0.02, WOOD_DARK);
  const shade: Shade = (_, y) => falloff(y, 1.2, 0.3) * falloff(3 - y, 0.8, 0.12);
  const slat = (i: number) =>
    box(((i + 0.5) / count - 0.5) * width, 1.55, ROOM.halfZ - 0.045, 0.062, 2.86, 0.04, WOOD, shade);
  return [backing, ...Array.from({ length: count }, (_, i) => slat(i))];
}

/** Felt panels that swallow sound, on the wall opposite the screen. */
function feltPanels(): BufferGeometry[] {
  const size = 0.86;
  return Array.from({ length: 10 }, (_, i) => {
    const z = ((i % 5) - 2) * (size + 0.06);
    const y = 1.15 + Math.floor(i / 5) * (size + 0.06);
    const color = FELTS[(i * 3 + Math.floor(i / 5)) % FELTS.length]!;
    return box(ROOM.halfX - 0.03, y, z, 0.06, size, size, color, (x) => falloff(ROOM.halfX - x, 0.06, 0.25));
  });
}

function beams(): BufferGeometry[] {
  const shade: Shade = (_, y) => falloff(ROOM.height - y, 0.2, 0.35);
  return Array.from({ length: 5 }, (_, i) =>
    box((i - 2) * 2.5, ROOM.height - 0.08, 0, 0.14, 0.16, ROOM.halfZ * 2, WOOD, shade),
  );
}

/** The wall that closes the gallery's opening while there are no spectators, with its felt panels. */
export function createClosedWall(): BufferGeometry {
  const { halfWidth, height } = OPENING;
  const plane = new PlaneGeometry(halfWidth * 2, height, 24, 10)
    .rotateY(-Math.PI / 2)
    .translate(ROOM.halfX - 0.004, height / 2, 0);
  const foot = box(ROOM.halfX - 0.016, 0.055, 0, 0.024, 0.11, halfWidth * 2, WOOD);
  return mergeGeometries([paint(mergeable(plane), PAPER, cornerShade), foot, ...feltPanels()]);
}

/** Walls, ceiling and everything along them, window frames included: one draw. Walls are visible from inside only. */
export function createShell(createMaterial: CreateMaterial): Mesh {
  const { halfX, halfZ } = ROOM;
  const geometry = mergeGeometries([
    wall(halfX * 2, 0, halfZ),
    wall(halfX * 2, Math.PI, halfZ),
    wall(halfZ * 2, Math.PI / 2, halfX),
    ...openedWall(),
    ceiling(),
    ...skirting(),
    ...slats(),
    ...beams(),
    ...createWindowFrames(),
    ...createDecor(),
  ]);
  return new Mesh(geometry, createMaterial({ vertexColors: true }));
}
