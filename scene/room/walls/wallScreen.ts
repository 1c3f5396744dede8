import { type BufferGeometry, Mesh } from 'three';
import { mergeGeometries } from 'three/addons/utils/BufferGeometryUtils.js';
import type { CreateMaterial } from '../build/material';
import { box, falloff } from '../build/paint';
import { ROOM } from '../plan/roomSize';

/** Height of the pelmet under the ceiling that holds the rolled cloth, metres. */
const PELMET_HEIGHT = 0.17;
/** Dark cloth around the picture, metres: it makes the picture's blacks look deeper. */
const HEM = { top: 0.05, side: 0.06, bottom: 0.06 } as const;
const BAR_HEIGHT = 0.045;

const WOOD = 0xa8876a;
const CLOTH = 0x211e1c;

const PICTURE_HEIGHT = 2.36;
const PICTURE_TOP = ROOM.height - PELMET_HEIGHT - HEM.top;

/** The picture on the lowered screen: middle and size in metres, 16 to 9. It faces +X. */
export const SCREEN_PICTURE = {
  x: -ROOM.halfX + 0.14,
  y: PICTURE_TOP - PICTURE_HEIGHT / 2,
  z: 0,
  width: (PICTURE_HEIGHT * 16) / 9,
  height: PICTURE_HEIGHT,
  /** About +Y, as a seat's. */
  yawRad: Math.PI / 2,
} as const;

const CLOTH_X = SCREEN_PICTURE.x - 0.012;
const CLOTH_WIDTH = SCREEN_PICTURE.width + 2 * HEM.side;
const CLOTH_LENGTH = PICTURE_HEIGHT + HEM.top + HEM.bottom;

/** The pelmet under the ceiling, to be merged with the furniture. */
export function createPelmet(): BufferGeometry[] {
  const depth = 0.2;
  const x = -ROOM.halfX + depth / 2;
  const y = ROOM.height - PELMET_HEIGHT / 2;
  const shade = (_: number, at: number) => falloff(ROOM.height - at, PELMET_HEIGHT, 0.25);
  return [box(x, y, 0, depth, PELMET_HEIGHT, CLOTH_WIDTH + 0.12, WOOD, shade)];
}

/** The cloth and the bar that weighs it down; y = 0 is where the lowered cloth leaves the pelmet. */
function clothGeometry(): BufferGeometry {
  const cloth = box(0, -CLOTH_LENGTH / 2, 0, 0.006, CLOTH_LENGTH, CLOTH_WIDTH, CLOTH);
  const bar = box(0.004, -CLOTH_LENGTH - BAR_HEIGHT / 2, 0, 0.034, BAR_HEIGHT, CLOTH_WIDTH + 0.05, WOOD);
  return mergeGeometries([cloth, bar]);
}

/** The room's screen: a dark cloth that comes down from a pelmet on the wall opposite the gallery. One draw. */
export class WallScreen {
  readonly root: Mesh;

  constructor(createMaterial: CreateMaterial) {
    this.root = new Mesh(clothGeometry(), createMaterial({ vertexColors: true }));
    this.root.name = 'screen';
    this.setRoll(0);
  }

  /** 0: rolled up, only the bar shows under the pelmet; 1: down. The rolled-up part hides above the ceiling. */
  setRoll(roll: number): void {
    this.root.position.set(CLOTH_X, ROOM.height - PELMET_HEIGHT + CLOTH_LENGTH * (1 - roll), 0);
    this.root.updateMatrix();
    this.root.updateMatrixWorld(true);
  }
}
