import { type BufferGeometry, Group, LatheGeometry, Mesh, Vector2 } from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import type { CreateMaterial } from './createMaterial';

import { falloff, mergeable, paint } from './paint';
import { TABLE_HEIGHT } from './roomSize';
import { createCarafe, createCup } from './tableware';
import { placed } from './walls';

const OAK = 0xcaa67c;
const RADIUS = 0.44;

function top(): BufferGeometry {
  const profile = [
    [0.001, TABLE_HEIGHT - 0.035],
    [RADIUS - 0.012, TABLE_HEIGHT - 0.035],
    [RADIUS, TABLE_HEIGHT - 0.024],
    [RADIUS, TABLE_HEIGHT - 0.008],
    [RADIUS - 0.01, TABLE_HEIGHT],
    [0.001, TABLE_HEIGHT],
  ].map(([r, y]) => new Vector2(r, y));
  return paint(mergeable(new LatheGeometry(profile, 56)), OAK, (_, y) =>
    falloff(y - (TABLE_HEIGHT - 0.035), 0.03, 0.4),
  );
}

function foot(): BufferGeometry {
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
    top(),
    foot(),
    placed(createCarafe(), 0.02, TABLE_HEIGHT, -0.16),
    placed(createCup(), -0.14, TABLE_HEIGHT, 0.14),
    placed(createCup(), 0.17, TABLE_HEIGHT, 0.08),
  ];
  const mesh = new Mesh(mergeGeometries(parts), createMaterial({ vertexColors: true }));
  mesh.castShadow = true;
  mesh.receiveShadow = true;
  return new Group().add(mesh);
}
