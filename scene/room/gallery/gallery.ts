import { type BufferGeometry, PlaneGeometry } from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import { box, falloff, mergeable, paint, type Shade } from '../build/paint';
import { pillow } from '../build/solids';
import { OPENING, ROOM } from '../plan/roomSize';

const ROWS = 4;
const SEATS_A_ROW = 10;
const ROW_DEPTH = 0.86;
const ROW_RISE = 0.28;
const FIRST_STEP = 0.06;
/** From the room's wall to the front edge of the first step, metres. */
const AISLE = 0.35;
const DEPTH = AISLE + ROWS * ROW_DEPTH;
/** Above a step's floor, metres. */
const BENCH_HEIGHT = 0.36;
const BENCH_DEPTH = 0.4;

const OAK = 0xa98b69;
const OAK_DARK = 0x77604a;
const FELT = 0xa05f45;
const LINING = 0x8c8272;

/** How far the gallery's floor overlaps the room's, so that there is no crack between them, metres. */
const SILL = 0.04;

/** Number of spectators who have a visible place. */
export const GALLERY_SEATS = ROWS * SEATS_A_ROW;

/** A spectator's place: the middle of the bench under them, metres. They face -X. */
export interface GallerySeat {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}

const stepTop = (row: number): number => FIRST_STEP + row * ROW_RISE;
const rowStart = (row: number): number => ROOM.halfX + AISLE + row * ROW_DEPTH;
const benchX = (row: number): number => rowStart(row) + ROW_DEPTH - BENCH_DEPTH / 2 - 0.06;

/** Rows are shifted by this share of a place, so that nobody sits straight behind another. */
const STAGGER = 0.25;

function seatOf(row: number, place: number): GallerySeat {
  const spacing = (OPENING.halfWidth * 2 - 0.3) / SEATS_A_ROW;
  const z = (place - (SEATS_A_ROW - 1) / 2 + (row % 2 === 0 ? -STAGGER : STAGGER)) * spacing;
  return { x: benchX(row), y: stepTop(row) + BENCH_HEIGHT, z };
}

/** All places in the order in which they fill up: front before back, middle before sides. */
export function gallerySeats(): readonly GallerySeat[] {
  const seats = Array.from({ length: GALLERY_SEATS }, (_, i) => ({ row: Math.floor(i / SEATS_A_ROW), i }));
  const worth = (seat: GallerySeat, row: number) => Math.abs(seat.z) + row * 1.1;
  return seats
    .map(({ row, i }) => ({ seat: seatOf(row, i % SEATS_A_ROW), row }))
    .sort((a, b) => worth(a.seat, a.row) - worth(b.seat, b.row))
    .map(({ seat }) => seat);
}

/** The farther in, the darker: little of the room's light gets there. */
const inwards: Shade = (x) => 1 - 0.5 * Math.min(1, Math.max(0, (x - ROOM.halfX) / DEPTH));

function step(row: number): BufferGeometry[] {
  const top = stepTop(row);
  const depth = DEPTH - (rowStart(row) - ROOM.halfX);
  const x = rowStart(row) + depth / 2;
  const width = OPENING.halfWidth * 2;
  const riser: Shade = (at, y, z) => inwards(at, y, z) * falloff(y - (top - ROW_RISE), 0.2, 0.3);
  const bench = box(
    benchX(row),
    top + BENCH_HEIGHT / 2 - 0.03,
    0,
    BENCH_DEPTH,
    BENCH_HEIGHT - 0.06,
    width,
    OAK_DARK,
    riser,
  );
  const felt = pillow(BENCH_DEPTH + 0.02, 0.09, width - 0.02, [4, 2, 8]).translate(
    benchX(row),
    top + BENCH_HEIGHT - 0.03,
    0,
  );
  return [box(x, top / 2, 0, depth, top, width, OAK, riser), bench, paint(mergeable(felt), FELT, inwards)];
}

function lining(
  width: number,
  height: number,
  shade: Shade,
): (turn: (plane: PlaneGeometry) => BufferGeometry) => BufferGeometry {
  return (turn) => paint(mergeable(turn(new PlaneGeometry(width, height, 8, 8))), LINING, shade);
}

/** Walls and ceiling of the gallery, seen from the room. */
function shell(): BufferGeometry[] {
  const { halfWidth, height } = OPENING;
  const middle = ROOM.halfX + DEPTH / 2;
  const shade: Shade = (x, y, z) => inwards(x, y, z) * falloff(height - y, 0.6, 0.25);
  const floor = new PlaneGeometry(DEPTH + 2 * SILL, halfWidth * 2, 4, 4)
    .rotateX(-Math.PI / 2)
    .translate(middle, 0.003, 0);
  return [
    lining(
      halfWidth * 2,
      height,
      shade,
    )((plane) => plane.rotateY(-Math.PI / 2).translate(ROOM.halfX + DEPTH, height / 2, 0)),
    lining(DEPTH, height, shade)((plane) => plane.translate(middle, height / 2, -halfWidth)),
    lining(DEPTH, height, shade)((plane) => plane.rotateY(Math.PI).translate(middle, height / 2, halfWidth)),
    lining(DEPTH, halfWidth * 2, inwards)((plane) => plane.rotateX(Math.PI / 2).translate(middle, height, 0)),
    paint(mergeable(floor), OAK, inwards),
  ];
}

/** Wood around the opening. */
function frame(): BufferGeometry[] {
  const { halfWidth, height } = OPENING;
  const x = ROOM.halfX - 0.01;
  return [
    box(x, height / 2, -halfWidth - 0.05, 0.1, height + 0.1, 0.1, OAK),
    box(x, height / 2, halfWidth + 0.05, 0.1, height + 0.1, 0.1, OAK),
    box(x, height + 0.05, 0, 0.1, 0.1, halfWidth * 2 + 0.2, OAK),
  ];
}

/** The gallery behind the wall: rising benches in front of a felt-coloured lining. One geometry. */
export function createGallery(): BufferGeometry {
  const steps = Array.from({ length: ROWS }, (_, row) => step(row));
  return mergeGeometries([...shell(), ...frame(), ...steps.flat()]);
}
