import { type BufferGeometry, ExtrudeGeometry, Shape, Vector2 } from 'three';
import { describe, expect, it } from 'vitest';
import { type PlanePoint, slab } from '@/scene/room/build/solids';
import { halfArc, halfTable } from '@/scene/room/furniture/table';
import { arcLine } from '@/scene/room/plan/arcLayout';

const HEIGHT = 0.045;
const BEVEL = 0.008;

/** Volume enclosed by the triangles (divergence theorem). */
function volumeOf(geometry: BufferGeometry): number {
  const { position } = (geometry.index ? geometry.toNonIndexed() : geometry).attributes;
  let volume = 0;
  for (let i = 0; i < position!.count; i += 3) {
    const [a, b, c] = [i, i + 1, i + 2].map((at) => [position!.getX(at), position!.getY(at), position!.getZ(at)]);
    const [ax, ay, az] = a as [number, number, number];
    const [bx, by, bz] = b as [number, number, number];
    const [cx, cy, cz] = c as [number, number, number];
    volume += ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx);
  }
  return volume / 6;
}

/** Number of edges without exactly one opposite edge: 0 for a closed surface. */
function openEdges(geometry: BufferGeometry): number {
  const { position } = geometry.attributes;
  const name = (i: number) => [position!.getX(i), position!.getY(i), position!.getZ(i)].map((v) => v.toFixed(6)).join();
  const balance = new Map<string, number>();
  for (let i = 0; i < position!.count; i += 1) {
    const [from, to] = [name(i), name(i - (i % 3) + ((i + 1) % 3))];
    const [key, way] = from < to ? [`${from} ${to}`, 1] : [`${to} ${from}`, -1];
    balance.set(key, (balance.get(key) ?? 0) + way);
  }
  return [...balance.values()].filter((open) => open !== 0).length;
}

const SQUARE: readonly PlanePoint[] = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 1, y: 1 },
  { x: 0, y: 1 },
];

/** Volume of the outline as extruded by three, without a bevel. */
function extrudedVolume(outline: readonly PlanePoint[]): number {
  const shape = new Shape(outline.map(({ x, y }) => new Vector2(x, y)));
  return volumeOf(new ExtrudeGeometry(shape, { depth: HEIGHT, bevelEnabled: false, curveSegments: 1 }));
}

function expectLikeExtruded(outline: readonly PlanePoint[]): void {
  const volume = extrudedVolume(outline);
  // A round table's halves overlap by millimetres at their tips, which the two count differently.
  expect(volumeOf(slab(outline, HEIGHT)) / volume).toBeCloseTo(1, 2);
  const rounded = slab(outline, HEIGHT, BEVEL);
  expect(openEdges(rounded)).toBe(0);
  expect(volumeOf(rounded) / volume).toBeGreaterThan(0.96);
  expect(volumeOf(rounded) / volume).toBeLessThan(1);
}

/** Area of the top triangles, each counted as positive, so that overlaps add to it. */
function topArea(geometry: BufferGeometry): number {
  const { position } = geometry.attributes;
  let area = 0;
  for (let i = 0; i < position!.count; i += 3) {
    const [a, b, c] = [i, i + 1, i + 2].map((at) => [position!.getX(at), position!.getY(at), position!.getZ(at)]);
    const [ax, ay, az] = a as [number, number, number];
    const [bx, by, bz] = b as [number, number, number];
    const [cx, cy, cz] = c as [number, number, number];
    if (az === bz && bz === cz && az > 0) area += Math.abs((bx - ax) * (cy - ay) - (by - ay) * (cx - ax)) / 2;
  }
  return area;
}

describe('slab', () => {
  it('a slab of a square is a box that faces outwards', () => {
    const box = slab(SQUARE, 2);
    expect(volumeOf(box)).toBeCloseTo(2, 6);
    expect(box.attributes.position!.count).toBe(36);
    expect(openEdges(box)).toBe(0);
  });

  it('a slab with rounded edges stays within its outline and height', () => {
    const rounded = slab(SQUARE, 2, 0.1);
    rounded.computeBoundingBox();
    expect(rounded.boundingBox!.min.toArray()).toEqual([0, 0, 0].map((value) => expect.closeTo(value, 6)));
    expect(rounded.boundingBox!.max.toArray()).toEqual([1, 1, 2].map((value) => expect.closeTo(value, 6)));
    expect(volumeOf(rounded)).toBeLessThan(2);
    expect(volumeOf(rounded)).toBeGreaterThan(1.9);
  });

  it.each([
    { halfStraight: 0.5, radius: 1.4 },
    { halfStraight: 0, radius: 1.2 },
    { halfStraight: 2, radius: 1.6 },
  ])('a slab of half a table of %o has the volume that three extrudes', (line) => expectLikeExtruded(halfTable(line)));

  it.each([3, 7, 12, 16])('a slab of half a horseshoe of %d seats has the volume that three extrudes', (seats) => {
    for (const side of [1, -1] as const) expectLikeExtruded(halfArc(arcLine(seats), side));
  });

  it.each([1, -1] as const)('a slab of a bent top covers every point once: side %d', (side) => {
    const outline = halfArc(arcLine(12), side);
    expect(topArea(slab(outline, HEIGHT))).toBeCloseTo(extrudedVolume(outline) / HEIGHT, 4);
  });
});
