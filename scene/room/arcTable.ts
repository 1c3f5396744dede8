import { type BufferGeometry, Group, LatheGeometry, Mesh, type Texture, Vector2 } from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import { arcSpineRadius } from './arcLayout';
import { halfArc } from './arcTableShape';
import type { CreateMaterial } from './createMaterial';
import { falloff, mergeable, paint } from './paint';
import { TABLE_HEIGHT } from './roomSize';
import type { SeatLine } from './seatLayout';
import { slab } from './slab';
import { BEVEL, IRON, OAK, shadeTop, THICKNESS, WALNUT, withPlanarUv } from './table';

function halfTop(line: SeatLine, side: 1 | -1, color: number): BufferGeometry {
  const geometry = slab(halfArc(line, side), THICKNESS, BEVEL);
  geometry.rotateX(-Math.PI / 2).translate(0, TABLE_HEIGHT - THICKNESS, 0);
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
