import { type BufferGeometry, ExtrudeGeometry, Group, LatheGeometry, Mesh, Shape, type Texture, Vector2 } from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import { ARC_TABLE_WIDTH, arcSpineRadius } from './arcLayout';
import type { CreateMaterial } from './createMaterial';
import { falloff, mergeable, paint } from './paint';
import { TABLE_HEIGHT } from './roomSize';
import type { SeatLine } from './seatLayout';
import { BEVEL, IRON, OAK, shadeTop, THICKNESS, WALNUT, withPlanarUv } from './table';

const ARC_STEPS = 28;
const CAP_STEPS = 14;
const SEAM_STEPS = 12;
/** Half the gap between the two halves, and how far the seam swings to either side, metres. */
const SEAM_GAP = 0.004;
const SEAM_SWING = 0.11;

type Outline = Vector2[];

function arc(x: number, y: number, radius: number, from: number, to: number, steps: number): Outline {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const angle = from + ((to - from) * i) / steps;
    return new Vector2(x + radius * Math.cos(angle), y + radius * Math.sin(angle));
  });
}

/** The seam across the top at the closed end, from the inner to the outer edge; an S, as on the round table. */
function seam(line: SeatLine, side: number): Outline {
  const inner = line.halfStraight + arcSpineRadius(line) - ARC_TABLE_WIDTH / 2;
  return Array.from({ length: SEAM_STEPS + 1 }, (_, i) => {
    const t = i / SEAM_STEPS;
    return new Vector2(inner + t * ARC_TABLE_WIDTH, Math.sin(2 * Math.PI * t) * SEAM_SWING + side * SEAM_GAP);
  });
}

/** One half of the top in the plane x, -z: a quotation mark from the seam round to its arm's round tip. */
function halfArc(line: SeatLine, side: number): Shape {
  const { halfStraight: half } = line;
  const spine = arcSpineRadius(line);
  const width = ARC_TABLE_WIDTH / 2;
  const quarter = (side * Math.PI) / 2;
  return new Shape([
    ...seam(line, side),
    ...arc(half, 0, spine + width, side * 0.02, quarter, ARC_STEPS),
    ...arc(-half, side * spine, width, quarter, quarter + side * Math.PI, CAP_STEPS),
    ...arc(half, 0, spine - width, quarter, side * 0.02, ARC_STEPS),
  ]);
}

function halfTop(line: SeatLine, side: number, color: number): BufferGeometry {
  const geometry = new ExtrudeGeometry(halfArc(line, side), {
    depth: THICKNESS - 2 * BEVEL,
    bevelThickness: BEVEL,
    bevelSize: BEVEL,
    bevelOffset: -BEVEL,
    bevelSegments: 1,
    curveSegments: 1,
  });
  geometry.rotateX(-Math.PI / 2).translate(0, TABLE_HEIGHT - THICKNESS + BEVEL, 0);
  return paint(withPlanarUv(geometry, side < 0), color, shadeTop);
}

function foot(x: number, z: number): BufferGeometry {
  const profile = [
    [0.2, 0],
    [0.2, 0.018],
    [0.07, 0.045],
    [0.042, 0.1],
    [0.042, 0.4],
    [0.13, TABLE_HEIGHT - THICKNESS],
  ].map(([r, y]) => new Vector2(r, y));
  return mergeable(new LatheGeometry(profile, 14).translate(x, 0, z));
}

function feet(line: SeatLine): BufferGeometry {
  const spine = arcSpineRadius(line);
  const { halfStraight: half } = line;
  const places = [-1, 1].flatMap((side) => [
    [-half + 0.1, side * spine],
    [half * 0.5, side * spine],
    [half + spine * 0.8, side * spine * 0.6],
  ]) as [number, number][];
  const columns = places.map(([x, z]) => foot(x, z));
  return paint(mergeGeometries(columns), IRON, (_, y) => falloff(TABLE_HEIGHT - y, 0.25, 0.6));
}

/** The horseshoe: two halves of different wood that meet at the closed end, on round feet. */
export function createArcTable(line: SeatLine, grain: Texture, createMaterial: CreateMaterial): Group {
  const tops = mergeGeometries([halfTop(line, 1, WALNUT), halfTop(line, -1, OAK)]);
  const top = new Mesh(tops, createMaterial({ map: grain, vertexColors: true }));
  const base = new Mesh(feet(line), createMaterial({ vertexColors: true }));
  for (const mesh of [top, base]) {
    mesh.castShadow = true;
    mesh.receiveShadow = true;
  }
  return new Group().add(top, base);
}
