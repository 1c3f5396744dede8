import { type BufferGeometry, CylinderGeometry, Group, LatheGeometry, Mesh, type Texture, Vector2 } from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import type { CreateMaterial } from './createMaterial';
import { falloff, mergeable, paint, type Shade } from './paint';
import { TABLE_HEIGHT } from './roomSize';
import type { SeatLine } from './seatLayout';
import { slab } from './slab';
import { halfTable } from './tableShape';

export const WALNUT = 0xa07c5c;
export const OAK = 0xd8bd97;
export const IRON = 0x3a3431;
/** Of the top, and of its rounded rim, metres. */
export const THICKNESS = 0.045;
export const BEVEL = 0.008;

/** Ambient occlusion of a top: darker below its rim. */
export const shadeTop: Shade = (_, y) => falloff(y - (TABLE_HEIGHT - THICKNESS), 0.03, 0.5);

function halfTop(line: SeatLine, color: number, turned: boolean): BufferGeometry {
  const geometry = slab(halfTable(line), THICKNESS, BEVEL);
  geometry.rotateX(-Math.PI / 2).translate(0, TABLE_HEIGHT - THICKNESS, 0);
  if (turned) geometry.rotateY(Math.PI);
  return paint(withPlanarUv(geometry, turned), color, shadeTop);
}

/** Grain along the table, another stretch of it on the other half. */
export function withPlanarUv(geometry: BufferGeometry, turned: boolean): BufferGeometry {
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

/** The table: two halves of different wood with an S-shaped seam, on round feet. */
export function createTable(line: SeatLine, grain: Texture, createMaterial: CreateMaterial): Group {
  const tops = mergeGeometries([halfTop(line, WALNUT, false), halfTop(line, OAK, true)]);
  const top = new Mesh(tops, createMaterial({ map: grain, vertexColors: true }));
  const base = new Mesh(feet(line), createMaterial({ vertexColors: true }));
  for (const mesh of [top, base]) {
    mesh.castShadow = true;
    mesh.receiveShadow = true;
  }
  return new Group().add(top, base);
}
