import { BufferGeometry, CircleGeometry, Float32BufferAttribute, LatheGeometry, Vector2 } from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import { falloff, mergeable, paint, placed } from '../build/paint';

const SOIL = 0x4a382c;
const LEAVES = [0x5d7a4f, 0x6f8d5c, 0x4f6d4b] as const;

function pot(radius: number, height: number, color: number): BufferGeometry[] {
  const profile = [
    [0.001, 0],
    [radius * 0.72, 0],
    [radius, height * 0.92],
    [radius, height],
    [radius * 0.9, height],
    [radius * 0.88, height * 0.9],
  ].map(([r, y]) => new Vector2(r, y));
  const soil = new CircleGeometry(radius * 0.89, 20).rotateX(-Math.PI / 2).translate(0, height * 0.9, 0);
  const wall = paint(mergeable(new LatheGeometry(profile, 24)), color, (_, y) => falloff(y, height, 0.35));
  return [wall, paint(mergeable(soil), SOIL)];
}

/** A bent leaf from the origin outwards along +Z, two-sided. */
function leaf(length: number, width: number, rise: number, droop: number): BufferGeometry {
  const rows = 5;
  const positions: number[] = [];
  const indices: number[] = [];
  for (let i = 0; i <= rows; i += 1) {
    const t = i / rows;
    const half = width * Math.sin(Math.PI * t ** 0.75) * 0.5;
    const y = rise * t - droop * t * t;
    positions.push(-half, y + half * 0.35, t * length, 0, y, t * length, half, y + half * 0.35, t * length);
    if (i === rows) break;
    const at = i * 3;
    for (const k of [0, 1]) {
      indices.push(at + k, at + k + 3, at + k + 1, at + k + 1, at + k + 3, at + k + 4);
      indices.push(at + k, at + k + 1, at + k + 3, at + k + 1, at + k + 4, at + k + 3);
    }
  }
  const geometry = new BufferGeometry();
  geometry.setAttribute('position', new Float32BufferAttribute(positions, 3));
  geometry.setAttribute(
    'normal',
    new Float32BufferAttribute(
      positions.map((_, i) => +(i % 3 === 1)),
      3,
    ),
  );
  geometry.setIndex(indices);
  return mergeable(geometry);
}

/** Golden angle: leaves of a rosette never cover each other. */
const LEAF_TURN = 2.4;

/** A rosette of leaves in a pot of `potColor` that stands at the origin, `height` metres tall. */
export function createPlant(height: number, leaves: number, potColor: number): BufferGeometry {
  const potHeight = height * 0.3;
  const blades = Array.from({ length: leaves }, (_, i) => {
    const t = i / leaves;
    const length = height * (0.55 - 0.25 * t);
    const blade = leaf(length, height * 0.16, height * (0.25 + 0.65 * t), height * (0.3 - 0.15 * t));
    const shade = (_x: number, y: number) => 0.62 + 0.5 * Math.min(1, Math.max(0, y / height));
    return placed(paint(blade, LEAVES[i % LEAVES.length]!, shade), 0, potHeight * 0.95, 0, i * LEAF_TURN);
  });
  return mergeGeometries([...pot(height * 0.2, potHeight, potColor), ...blades]);
}
