import { type BufferGeometry, Group, LatheGeometry, Mesh, Vector2 } from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import type { CreateMaterial } from '../build/material';
import { box, falloff, mergeable, paint, placed } from '../build/paint';
import { arcSpineRadius } from '../plan/arcLayout';
import type { Arrangement } from '../plan/arrangement';
import { TABLE_HEIGHT } from '../plan/roomSize';
import type { SeatLine } from '../plan/seatLayout';
import { createPlant } from './plants';

const PERSIMMON = 0xe3714a;
const INK = 0x2f3338;
const CLAY = 0xb5714e;
const CREAM = 0xe9dcc7;
const PORCELAIN = 0xf3ece0;
const WATER = 0xbfd0d0;

function turned(profile: readonly (readonly [number, number])[], color: number, height: number): BufferGeometry {
  const points = profile.map(([r, y]) => new Vector2(r, y));
  return paint(mergeable(new LatheGeometry(points, 14)), color, (_, y) => falloff(y, height, 0.3));
}

/** A water carafe that stands at the origin. */
const createCarafe = () =>
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
const createCup = () =>
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

const put = (geometry: BufferGeometry, x: number, z: number, yawRad = 0) =>
  placed(geometry, x, TABLE_HEIGHT, z, yawRad);

/** What lies on a round table: low and in the middle, so that it hides no one. */
function wareOfTable(halfStraight: number): BufferGeometry[] {
  const ends = halfStraight > 0.5 ? [-halfStraight, halfStraight] : [];
  return [
    put(createCarafe(), -0.3, -0.08),
    put(createCup(), -0.2, -0.16),
    put(createCup(), -0.42, -0.02),
    put(createPlant(0.2, 11, CREAM), 0.36, 0.06),
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

/** Things on a horseshoe lie this far from the edge at which people sit, metres: out of the way of hands. */
const ARC_WARE_INWARDS = 0.16;

/** What lies on a horseshoe: a carafe between every few people, and a plant in its opening that hides no one. */
function wareOfArc(line: SeatLine): BufferGeometry[] {
  const { halfStraight: half } = line;
  const inner = arcSpineRadius(line) - ARC_WARE_INWARDS;
  const spots = [
    [half + inner * 0.98, inner * 0.12],
    [half + inner * 0.55, -inner * 0.82],
    [half * 0.35, inner],
    [-half * 0.3, -inner],
    [-half * 0.85, inner],
  ] as const;
  const drinks = spots.flatMap(([x, z], i) => [
    put(createCarafe(), x, z),
    put(createCup(), x + 0.11, z + (i % 2 === 0 ? 0.05 : -0.05)),
    put(createCup(), x - 0.1, z + 0.06),
  ]);
  return [
    ...drinks,
    put(notebook(INK), half * 0.75, inner + 0.12, 0.3),
    put(notebook(PERSIMMON), -half * 0.75, -inner - 0.1, -0.25),
    placed(createPlant(0.5, 15, CLAY), half * 0.45, 0, 0),
    placed(createPlant(0.38, 13, CREAM), -half * 0.25, 0, 0, 1),
  ];
}

const OAK = 0xcaa67c;
const SMALL_RADIUS = 0.44;

function smallTop(): BufferGeometry {
  const profile = [
    [0.001, TABLE_HEIGHT - 0.035],
    [SMALL_RADIUS - 0.012, TABLE_HEIGHT - 0.035],
    [SMALL_RADIUS, TABLE_HEIGHT - 0.024],
    [SMALL_RADIUS, TABLE_HEIGHT - 0.008],
    [SMALL_RADIUS - 0.01, TABLE_HEIGHT],
    [0.001, TABLE_HEIGHT],
  ].map(([r, y]) => new Vector2(r, y));
  return paint(mergeable(new LatheGeometry(profile, 56)), OAK, (_, y) =>
    falloff(y - (TABLE_HEIGHT - 0.035), 0.03, 0.4),
  );
}

function smallFoot(): BufferGeometry {
  const profile = [
    [0.22, 0],
    [0.22, 0.016],
    [0.06, 0.045],
    [0.032, 0.12],
    [0.032, 0.42],
    [0.1, TABLE_HEIGHT - 0.034],
  ].map(([r, y]) => new Vector2(r, y));
  return paint(mergeable(new LatheGeometry(profile, 28)), OAK, (_, y) => 0.78 * falloff(TABLE_HEIGHT - y, 0.2, 0.5));
}

/** A small round table for two with something to drink. */
export function createSmallTable(createMaterial: CreateMaterial): Group {
  const parts = [
    smallTop(),
    smallFoot(),
    placed(createCarafe(), 0.02, TABLE_HEIGHT, -0.16),
    placed(createCup(), -0.14, TABLE_HEIGHT, 0.14),
    placed(createCup(), 0.17, TABLE_HEIGHT, 0.08),
  ];
  const mesh = new Mesh(mergeGeometries(parts), createMaterial({ vertexColors: true }));
  mesh.castShadow = true;
  mesh.receiveShadow = true;
  return new Group().add(mesh);
}

/** What lies on the table of an arrangement. One draw. */
export function createTableware({ name, line }: Arrangement, createMaterial: CreateMaterial): Mesh {
  const ware = name === 'table' ? wareOfTable(line.halfStraight) : wareOfArc(line);
  return new Mesh(mergeGeometries(ware), createMaterial({ vertexColors: true }));
}
