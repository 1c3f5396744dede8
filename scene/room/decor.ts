import {
  BufferGeometry,
  CircleGeometry,
  CylinderGeometry,
  Float32BufferAttribute,
  LatheGeometry,
  Vector2,
} from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import { falloff, mergeable, paint } from './paint';
import { createPrints } from './prints';
import { ROOM, TABLE_HEIGHT } from './roomSize';
import { slab } from './slab';
import { halfTable } from './tableShape';
import { createPelmet } from './wallScreen';
import { box, placed } from './walls';

const PERSIMMON = 0xe3714a;
const INK = 0x2f3338;
const CLAY = 0xb5714e;
const CREAM = 0xe9dcc7;
const SOIL = 0x4a382c;
const LEAVES = [0x5d7a4f, 0x6f8d5c, 0x4f6d4b] as const;
const WOOD = 0xa8876a;
const WOOD_DARK = 0x7d624c;

function pot(radius: number, height: number, color: number): BufferGeometry[] {
  const profile = [
    [0.001, 0],
    [radius * 0.72, 0],
    [radius, height * 0.92],
    [radius, height],
    [radius * 0.9, height],
    [radius * 0.88, height * 0.9],
  ].map(([r, y]) => new Vector2(r, y));
  const soil = new CircleGeometry(radius * 0.89, 20).rotateX(-Math.PI / 2).translate(0, height * 0.9, 0);
  const wall = paint(mergeable(new LatheGeometry(profile, 24)), color, (_, y) => falloff(y, height, 0.35));
  return [wall, paint(mergeable(soil), SOIL)];
}

/** A bent leaf from the origin outwards along +Z, two-sided. */
function leaf(length: number, width: number, rise: number, droop: number): BufferGeometry {
  const rows = 7;
  const positions: number[] = [];
  const indices: number[] = [];
  for (let i = 0; i <= rows; i += 1) {
    const t = i / rows;
    const half = width * Math.sin(Math.PI * t ** 0.75) * 0.5;
    const y = rise * t - droop * t * t;
    positions.push(-half, y + half * 0.35, t * length, 0, y, t * length, half, y + half * 0.35, t * length);
    if (i === rows) break;
    const at = i * 3;
    for (const k of [0, 1]) {
      indices.push(at + k, at + k + 3, at + k + 1, at + k + 1, at + k + 3, at + k + 4);
      indices.push(at + k, at + k + 1, at + k + 3, at + k + 1, at + k + 4, at + k + 3);
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new Float32BufferAttribute(positions, 3));
  geometry.setAttribute(
    'normal',
    new Float32BufferAttribute(
      positions.map((_, i) => +(i % 3 === 1)),
      3,
    ),
  );
  geometry.setIndex(indices);
  return mergeable(geometry);
}

/** Golden angle: leaves of a rosette never cover each other. */
const LEAF_TURN = 2.4;

function plant(height: number, leaves: number, potColor: number): BufferGeometry {
  const potHeight = height * 0.3;
  const blades = Array.from({ length: leaves }, (_, i) => {
    const t = i / leaves;
    const length = height * (0.55 - 0.25 * t);
    const blade = leaf(length, height * 0.16, height * (0.25 + 0.65 * t), height * (0.3 - 0.15 * t));
    const shade = (_x: number, y: number) => 0.62 + 0.5 * Math.min(1, Math.max(0, y / height));
    return placed(paint(blade, LEAVES[i % LEAVES.length]!, shade), 0, potHeight * 0.95, 0, i * LEAF_TURN);
  });
  return mergeGeometries([...pot(height * 0.2, potHeight, potColor), ...blades]);
}

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
  return [...books, placed(jug, 0.35, top, z), placed(plant(0.55, 13, CLAY), 0.95, top, z)];
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

const PORCELAIN = 0xf3ece0;
const WATER = 0xbfd0d0;

function turned(profile: readonly (readonly [number, number])[], color: number, height: number): BufferGeometry {
  const points = profile.map(([r, y]) => new Vector2(r, y));
  return paint(mergeable(new LatheGeometry(points, 20)), color, (_, y) => falloff(y, height, 0.3));
}

/** A water carafe that stands at the origin. */
export const createCarafe = () =>
  turned(
    [
      [0.001, 0],
      [0.045, 0.003],
      [0.05, 0.05],
      [0.036, 0.11],
      [0.02, 0.15],
      [0.026, 0.175],
    ],
    WATER,
    0.1,
  );
/** A cup that stands at the origin. */
export const createCup = () =>
  turned(
    [
      [0.001, 0],
      [0.026, 0.002],
      [0.032, 0.05],
      [0.029, 0.05],
      [0.024, 0.008],
      [0.001, 0.008],
    ],
    PORCELAIN,
    0.04,
  );
const notebook = (color: number) => box(0, 0.006, 0, 0.15, 0.012, 0.2, color);

/** What lies on the table: low, in the middle, so that it hides nobody. */
function tableware(halfStraight: number): BufferGeometry[] {
  const put = (geometry: BufferGeometry, x: number, z: number, yawRad = 0) =>
    placed(geometry, x, TABLE_HEIGHT, z, yawRad);
  const ends = halfStraight > 0.5 ? [-halfStraight, halfStraight] : [];
  return [
    put(createCarafe(), -0.3, -0.08),
    put(createCup(), -0.2, -0.16),
    put(createCup(), -0.42, -0.02),
    put(plant(0.2, 11, CREAM), 0.36, 0.06),
    put(notebook(INK), 0.28, 0.38, 0.35),
    put(notebook(PERSIMMON), -0.36, -0.4, -0.2),
    put(createCup(), 0.5, 0.36),
    put(createCup(), -0.58, -0.3),
    ...ends.flatMap((x) => [
      put(createCarafe(), x, 0.1),
      put(createCup(), x - 0.1, 0.02),
      put(createCup(), x + 0.09, 0.16),
    ]),
  ];
}

/** Where lamps hang, along the table; metres. */
export function lampPlaces(halfStraight: number): readonly number[] {
  return halfStraight > 0.8 ? [-halfStraight * 0.95, 0, halfStraight * 0.95] : [0];
}

/** Height of a lamp's lower rim, metres: over the line from a seated camera to the top of the room's screen. */
export const LAMP_Y = 2.62;

function lamp(x: number): BufferGeometry[] {
  const profile = [
    [0.24, 0],
    [0.235, 0.05],
    [0.2, 0.12],
    [0.13, 0.17],
    [0.03, 0.19],
    [0.02, 0.24],
  ].map(([r, y]) => new Vector2(r, y));
  const shade = paint(mergeable(new LatheGeometry(profile, 32)), PERSIMMON, (_, y) => falloff(0.24 - y, 0.3, 0.15));
  const length = ROOM.height - LAMP_Y - 0.2;
  const cord = new CylinderGeometry(0.006, 0.006, length, 6, 1, true).translate(0, 0.2 + length / 2, 0);
  return [placed(shade, x, LAMP_Y, 0), placed(paint(mergeable(cord), INK), x, LAMP_Y, 0)];
}

/** The glowing undersides of the lamps. */
export function createLampGlow(halfStraight: number): BufferGeometry {
  const discs = lampPlaces(halfStraight).map((x) =>
    new CircleGeometry(0.23, 32).rotateX(Math.PI / 2).translate(x, LAMP_Y + 0.006, 0),
  );
  return mergeGeometries(discs);
}

/** Furniture along the walls, plants, the mark, the prints, the screen's pelmet and the lamps. */
export function createDecor(halfStraight: number): BufferGeometry[] {
  const { halfX, halfZ } = ROOM;
  return [
    ...sideboard(),
    ...relief(),
    ...lowShelf(),
    ...createPrints(),
    ...createPelmet(),
    ...tableware(halfStraight),
    ...lampPlaces(halfStraight).flatMap(lamp),
    placed(plant(1.5, 19, CREAM), -halfX + 0.75, 0, -halfZ + 0.75),
    placed(plant(1.15, 16, CLAY), halfX - 0.7, 0, halfZ - 0.75, 1),
    placed(plant(1.3, 17, INK), halfX - 0.7, 0, -halfZ + 0.8, 2),
  ];
}
