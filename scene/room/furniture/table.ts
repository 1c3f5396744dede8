import { type BufferGeometry, CylinderGeometry, Group, LatheGeometry, Mesh, type Texture, Vector2 } from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import type { CreateMaterial } from '../build/material';
import { falloff, mergeable, paint, type Shade } from '../build/paint';
import { type PlanePoint, slab } from '../build/solids';
import { ARC_TABLE_WIDTH, arcSpineRadius } from '../plan/arcLayout';
import type { Arrangement } from '../plan/arrangement';
import { TABLE_HEIGHT } from '../plan/roomSize';
import { type SeatLine, tableEdge } from '../plan/seatLayout';

/** Sideways swing of the seam, as a share of half the table's width. */
const SEAM_SWING = 0.3;
const ARC_STEPS = 40;
const SEAM_STEPS = 36;
/** Half the gap between the two halves, metres. */
const SEAM_GAP = 0.004;

/** The outline of the right half's end, from the far middle round +X to the near middle; in the plane x, -z. */
function endOutline(halfStraight: number, radius: number): PlanePoint[] {
  return Array.from({ length: ARC_STEPS + 1 }, (_, i) => {
    const angle = -Math.PI / 2 + (Math.PI * i) / ARC_STEPS;
    return { x: halfStraight + radius * Math.cos(angle), y: radius * Math.sin(angle) };
  });
}

/** The seam from the near to the far edge: an S, so that each half swells like a quotation mark and tapers. */
function seam(radius: number): PlanePoint[] {
  return Array.from({ length: SEAM_STEPS + 1 }, (_, i) => {
    const y = radius * (1 - (2 * i) / SEAM_STEPS);
    return { x: SEAM_GAP - Math.sin((Math.PI * y) / radius) * SEAM_SWING * radius, y };
  });
}

/**
 * The right half of a round table's top; turned by half a turn it is the left half. From above the two are facing
 * quotation marks that meet: Parley's mark. In the plane x, -z, anticlockwise, metres.
 */
export function halfTable(line: SeatLine): PlanePoint[] {
  const { halfStraight, radius } = tableEdge(line);
  return [...seam(radius), ...endOutline(halfStraight, radius)];
}

const WALNUT = 0xa07c5c;
const OAK = 0xd8bd97;
const IRON = 0x3a3431;
/** Thickness of the top and of its rounded rim, metres. */
const THICKNESS = 0.045;
const BEVEL = 0.008;

/** Ambient occlusion of a top: darker below its rim. */
const shadeTop: Shade = (_, y) => falloff(y - (TABLE_HEIGHT - THICKNESS), 0.03, 0.5);

function halfTop(line: SeatLine, color: number, turned: boolean): BufferGeometry {
  const geometry = slab(halfTable(line), THICKNESS, BEVEL);
  geometry.rotateX(-Math.PI / 2).translate(0, TABLE_HEIGHT - THICKNESS, 0);
  if (turned) geometry.rotateY(Math.PI);
  return paint(withPlanarUv(geometry, turned), color, shadeTop);
}

/** Lays the grain along the table, a different stretch of it on each half. */
function withPlanarUv(geometry: BufferGeometry, turned: boolean): BufferGeometry {
  const { position, uv } = geometry.attributes;
  for (let i = 0; i < position!.count; i += 1) {
    const [x, y, z] = [position!.getX(i), position!.getY(i), position!.getZ(i)];
    uv!.setXY(i, x * 0.42 + (turned ? 0.37 : 0), (z + y) * 0.62 + (turned ? 0.21 : 0));
  }
  return geometry;
}

function foot(x: number): BufferGeometry {
  const profile = [
    [0.3, 0],
    [0.3, 0.02],
    [0.12, 0.05],
    [0.075, 0.12],
    [0.07, 0.36],
    [0.2, TABLE_HEIGHT - THICKNESS],
  ].map(([r, y]) => new Vector2(r, y));
  return mergeable(new LatheGeometry(profile, 28).translate(x, 0, 0));
}

function feet(line: SeatLine): BufferGeometry {
  const reach = line.halfStraight > 0.5 ? line.halfStraight * 0.85 : 0;
  const columns = reach > 0 ? [foot(-reach), foot(reach), beam(reach)] : [foot(0)];
  return paint(mergeGeometries(columns), IRON, (_, y) => falloff(TABLE_HEIGHT - y, 0.25, 0.6));
}

function beam(reach: number): BufferGeometry {
  const geometry = new CylinderGeometry(0.03, 0.03, reach * 2, 12)
    .rotateZ(Math.PI / 2)
    .translate(0, TABLE_HEIGHT - 0.1, 0);
  return mergeable(geometry);
}

/** A round table: two halves of different wood with an S-shaped seam, on round feet. */
function createRoundTable(line: SeatLine, grain: Texture, createMaterial: CreateMaterial): Group {
  const tops = mergeGeometries([halfTop(line, WALNUT, false), halfTop(line, OAK, true)]);
  const top = new Mesh(tops, createMaterial({ map: grain, vertexColors: true }));
  const base = new Mesh(feet(line), createMaterial({ vertexColors: true }));
  for (const mesh of [top, base]) {
    mesh.castShadow = true;
    mesh.receiveShadow = true;
  }
  return new Group().add(top, base);
}

const BEND_STEPS = 28;
const CAP_STEPS = 14;
const ARC_SEAM_STEPS = 12;
/** How far a horseshoe's seam swings to either side, metres. */
const ARC_SEAM_SWING = 0.11;

/** Points of a circle around (x, y), from one angle to another. */
function arc(x: number, y: number, radius: number, from: number, to: number, steps: number): PlanePoint[] {
  return Array.from({ length: steps + 1 }, (_, i) => {
    const angle = from + ((to - from) * i) / steps;
    return { x: x + radius * Math.cos(angle), y: y + radius * Math.sin(angle) };
  });
}

/** If the arms have no length, arc and tip share a point. */
function isSamePlace(a: PlanePoint, b: PlanePoint): boolean {
  return Math.hypot(a.x - b.x, a.y - b.y) < 1e-6;
}

/** The seam across the closed end, from the inner to the outer edge: an S, as on the round table. */
function arcSeam(line: SeatLine, side: number): PlanePoint[] {
  const inner = line.halfStraight + arcSpineRadius(line) - ARC_TABLE_WIDTH / 2;
  return Array.from({ length: ARC_SEAM_STEPS + 1 }, (_, i) => {
    const t = i / ARC_SEAM_STEPS;
    return { x: inner + t * ARC_TABLE_WIDTH, y: Math.sin(2 * Math.PI * t) * ARC_SEAM_SWING + side * SEAM_GAP };
  });
}

/**
 * One half of the horseshoe's top, on the far (1) or the near (-1) side: a quotation mark from the seam to the round
 * tip of the arm. In the plane x, -z, anticlockwise, metres.
 */
export function halfArc(line: SeatLine, side: 1 | -1): PlanePoint[] {
  const { halfStraight: half } = line;
  const spine = arcSpineRadius(line);
  const width = ARC_TABLE_WIDTH / 2;
  const quarter = (side * Math.PI) / 2;
  const outline = [
    ...arcSeam(line, side),
    ...arc(half, 0, spine + width, side * 0.02, quarter, BEND_STEPS),
    ...arc(-half, side * spine, width, quarter, quarter + side * Math.PI, CAP_STEPS),
    ...arc(half, 0, spine - width, quarter, side * 0.02, BEND_STEPS),
  ];
  const apart = outline.filter((point, i) => !isSamePlace(point, outline.at(i - 1)!));
  return side < 0 ? apart.reverse() : apart;
}

function halfArcTop(line: SeatLine, side: 1 | -1, color: number): BufferGeometry {
  const geometry = slab(halfArc(line, side), THICKNESS, BEVEL);
  geometry.rotateX(-Math.PI / 2).translate(0, TABLE_HEIGHT - THICKNESS, 0);
  return paint(withPlanarUv(geometry, side < 0), color, shadeTop);
}

function arcFoot(x: number, z: number): BufferGeometry {
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

function arcFeet(line: SeatLine): BufferGeometry {
  const spine = arcSpineRadius(line);
  const { halfStraight: half } = line;
  const places = [-1, 1].flatMap((side) => [
    [-half + 0.1, side * spine],
    [half * 0.5, side * spine],
    [half + spine * 0.8, side * spine * 0.6],
  ]) as [number, number][];
  const columns = places.map(([x, z]) => arcFoot(x, z));
  return paint(mergeGeometries(columns), IRON, (_, y) => falloff(TABLE_HEIGHT - y, 0.25, 0.6));
}

/** The horseshoe: two halves of different wood that meet at the closed end, on round feet. */
function createHorseshoe(line: SeatLine, grain: Texture, createMaterial: CreateMaterial): Group {
  const tops = mergeGeometries([halfArcTop(line, 1, WALNUT), halfArcTop(line, -1, OAK)]);
  const top = new Mesh(tops, createMaterial({ map: grain, vertexColors: true }));
  const base = new Mesh(arcFeet(line), createMaterial({ vertexColors: true }));
  for (const mesh of [top, base]) {
    mesh.castShadow = true;
    mesh.receiveShadow = true;
  }
  return new Group().add(top, base);
}

/** The table of an arrangement. */
export function createTable({ name, line }: Arrangement, grain: Texture, createMaterial: CreateMaterial): Group {
  return name === 'table'
    ? createRoundTable(line, grain, createMaterial)
    : createHorseshoe(line, grain, createMaterial);
}
