import { type BufferGeometry, CircleGeometry, LatheGeometry, Vector2 } from 'three';
import { box, falloff, mergeable, paint, placed } from '../build/paint';
import { slab } from '../build/solids';
import { createPlant } from '../furniture/plants';
import { halfTable } from '../furniture/table';
import { ROOM } from '../plan/roomSize';
import { createPelmet } from './wallScreen';

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
const WOOD = 0xa8876a;
const WOOD_DARK = 0x7d624c;

function sideboard(): BufferGeometry[] {
  const z = ROOM.halfZ - 0.3;
  const shade = (_: number, y: number) => falloff(y, 0.5, 0.35);
  const doors = [-0.9, -0.3, 0.3, 0.9].map((x) => box(x, 0.4, z - 0.226, 0.58, 0.44, 0.012, WOOD, shade));
  const legs = [-1.1, 1.1].map((x) => box(x, 0.07, z, 0.05, 0.14, 0.36, WOOD_DARK));
  return [box(0, 0.4, z, 2.5, 0.52, 0.44, WOOD_DARK, shade), ...doors, ...legs, ...onTheSideboard(z)];
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
  return [box(-ROOM.halfX + 0.2, 0.28, 0, 0.36, 0.4, 2.4, WOOD, (_, y) => falloff(y, 0.5, 0.35))];
}

/** Furniture along the walls, plants, the mark, the prints and the screen's pelmet. */
export function createDecor(): BufferGeometry[] {
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
