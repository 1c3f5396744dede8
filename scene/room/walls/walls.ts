import { type BufferGeometry, Mesh, PlaneGeometry } from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import type { CreateMaterial } from '../build/material';
import { box, falloff, mergeable, paint, type Shade } from '../build/paint';
import { OPENING, ROOM } from '../plan/roomSize';
import { createDecor } from './decor';
import { createWindowFrames } from './windows';

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
