import { type BufferGeometry, CircleGeometry } from 'three';
import { falloff, mergeable, paint } from './paint';
import { ROOM } from './roomSize';
import { box, placed } from './walls';

const FRAME = 0x8f7257;
const PAPER = 0xf1e7d6;
const PERSIMMON = 0xe3714a;
const INK = 0x3c444b;
const SAGE = 0x8f9c82;
const CLAY = 0xc08a68;

const SIZE = { width: 0.86, height: 1.16 } as const;
const MIDDLE_Y = 1.72;
const FRAME_WIDTH = 0.035;
const FRAME_DEPTH = 0.03;

/** Part of a disc on the paper: middle aside and up from the print's middle, metres; from `start` over `sweep` radians. */
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
    disc(0.1, 0.16, 0.17, PERSIMMON),
    disc(-0.1, -0.38, 0.27, SAGE, 0, Math.PI),
    disc(0.14, -0.38, 0.2, INK, 0, Math.PI),
  ],
  [disc(-0.012, 0, 0.3, INK, Math.PI / 2, Math.PI), disc(0.012, 0, 0.3, CLAY, -Math.PI / 2, Math.PI)],
  [disc(0, -0.08, 0.29, PERSIMMON, Math.PI, Math.PI), disc(0.08, 0.2, 0.12, INK)],
];

function print(motif: Motif, z: number): BufferGeometry[] {
  const { width, height } = SIZE;
  const x = -ROOM.halfX + FRAME_DEPTH / 2;
  const shade = (_: number, y: number) => falloff(y - (MIDDLE_Y - height / 2), 0.5, 0.15);
  const frame = box(x, MIDDLE_Y, z, FRAME_DEPTH, height + 2 * FRAME_WIDTH, width + 2 * FRAME_WIDTH, FRAME, shade);
  const paper = box(x + 0.004, MIDDLE_Y, z, FRAME_DEPTH, height, width, PAPER, shade);
  const shapes = motif.map((shape, layer) =>
    placed(shape, x + FRAME_DEPTH / 2 + 0.006 + layer * 0.002, MIDDLE_Y, z, Math.PI / 2),
  );
  return [frame, paper, ...shapes];
}

/** Three framed prints on the wall before which the screen comes down. */
export function createPrints(): BufferGeometry[] {
  return motifs().flatMap((motif, i) => print(motif, (1 - i) * 1.36));
}
