import { seededRandom } from '../../seededRandom';

/** The face model's points: 468 of the mesh, then 10 of the eyes. */
const FACE_POINT_COUNT = 478;
export const MESH_POINT_COUNT = 468;

type Place = readonly [x: number, y: number, z: number];

/** Points by which the next picture is cut and turned, and those at the rim that give the cut its size. */
const FIXED: Readonly<Record<number, Place>> = {
  1: [0, 10, -60],
  10: [0, -85.3, 0],
  33: [-45, -20, -20],
  152: [0, 85.3, 0],
  234: [-75, 0, 0],
  263: [45, -20, -20],
  454: [75, 0, 0],
};

const HALF_WIDTH_PX = 70;
const HALF_HEIGHT_PX = 80;
const DEPTH_PX = 40;

/** A bowl of points that looks into the camera: pixels of the cut about its middle, x right, y down, z away. */
export function tinyFaceMesh(): readonly Place[] {
  const random = seededRandom(9);
  return Array.from({ length: FACE_POINT_COUNT }, (_, point) => {
    const x = (random() * 2 - 1) * HALF_WIDTH_PX;
    const y = (random() * 2 - 1) * HALF_HEIGHT_PX;
    const z = -DEPTH_PX * Math.sqrt(Math.max(0, 1 - (x / HALF_WIDTH_PX) ** 2 - (y / HALF_HEIGHT_PX) ** 2));
    return FIXED[point] ?? [x, y, z];
  });
}
