import { type BufferGeometry, CylinderGeometry } from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import { falloff, mergeable, paint } from './paint';
import { pillow } from './pillow';
import { SEAT_HEIGHT } from './roomSize';

const FELT = 0xcbbfae;
const FELT_BACK = 0xc3b6a3;
const WOOD = 0x7a5b43;
const WIDTH = 0.5;
const DEPTH = 0.48;
const CUSHION_HEIGHT = 0.1;
const BACK_HEIGHT = 0.38;
/** Height of the middle of the back, metres. */
const BACK_MIDDLE = SEAT_HEIGHT + 0.2;

function cushion(): BufferGeometry {
  const geometry = pillow(WIDTH, CUSHION_HEIGHT, DEPTH, [7, 3, 7]).translate(0, SEAT_HEIGHT - CUSHION_HEIGHT / 2, 0);
  return paint(mergeable(geometry), FELT, (_, y, z) => falloff(y - 0.22, 0.1, 0.4) * falloff(z + 0.2, 0.16, 0.22));
}

/** Wraps the back around the sitter and leans it. */
function bendBack(geometry: BufferGeometry): BufferGeometry {
  const { position } = geometry.attributes;
  for (let i = 0; i < position!.count; i += 1) {
    const [x, y] = [position!.getX(i), position!.getY(i)];
    position!.setZ(i, position!.getZ(i) + 1.7 * x * x - 0.14 * (y + BACK_HEIGHT / 2));
  }
  geometry.computeVertexNormals();
  return geometry;
}

function back(): BufferGeometry {
  const geometry = bendBack(pillow(WIDTH + 0.02, BACK_HEIGHT, 0.065, [10, 5, 1]));
  geometry.translate(0, BACK_MIDDLE, -DEPTH / 2 - 0.005);
  return paint(mergeable(geometry), FELT_BACK, (_, y) => falloff(y - SEAT_HEIGHT, 0.18, 0.35));
}

function leg(side: number, end: number): BufferGeometry {
  const height = SEAT_HEIGHT - CUSHION_HEIGHT + 0.02;
  const geometry = new CylinderGeometry(0.02, 0.013, height, 7, 1);
  geometry.rotateX(end * -0.16).rotateZ(side * 0.16);
  geometry.translate(side * 0.19, height / 2, end * 0.17);
  return paint(mergeable(geometry), WOOD, (_, y) => falloff(height - y, 0.12, 0.45));
}

/** One chair: cushion, wrapped back, four splayed legs. Middle of the seat above the origin, looks along +Z. */
export function createChairGeometry(): BufferGeometry {
  const legs = [leg(-1, -1), leg(-1, 1), leg(1, -1), leg(1, 1)];
  return mergeGeometries([cushion(), back(), ...legs]);
}
