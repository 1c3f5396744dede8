import { Matrix4, type PerspectiveCamera, type Vector3 } from 'three';

/** Somebody who may be in the picture. */
export interface Culled {
  readonly id: string;
  /** On the floor, metres. */
  readonly position: Vector3;
  /** Whether there is something to show of them. */
  readonly isShown: boolean;
  visible: boolean;
}

/** A sphere that holds a person with outstretched arms, metres. */
const BODY_RADIUS = 1.05;
const BODY_MIDDLE_Y = 0.75;

const PLANES = 6;
const viewProjection = new Matrix4();
/** The picture's six planes, looking inwards: normal (unit length) and distance. Not three's: numbers it passes are boxed. */
const planes = new Float64Array(PLANES * 4);

/** Marks who can be in the picture; `hiddenId` never is. */
export function cull(people: readonly Culled[], camera: PerspectiveCamera, hiddenId: string | null): void {
  viewProjection.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse);
  writePlanes(viewProjection.elements);
  for (let i = 0; i < people.length; i += 1) {
    const person = people[i]!;
    person.visible = person.id !== hiddenId && person.isShown && isInPicture(person.position);
  }
}

/** Left, right, bottom, top, near and far out of a clip matrix (column by column): its last row plus or minus another. */
function writePlanes(matrix: readonly number[]): void {
  for (let plane = 0; plane < PLANES; plane += 1) {
    const row = plane >> 1;
    const sign = plane % 2 === 0 ? 1 : -1;
    for (let k = 0; k < 4; k += 1) planes[plane * 4 + k] = matrix[k * 4 + 3]! + sign * matrix[k * 4 + row]!;
    normalise(plane * 4);
  }
}

function normalise(at: number): void {
  const scale = 1 / Math.sqrt(planes[at]! ** 2 + planes[at + 1]! ** 2 + planes[at + 2]! ** 2);
  for (let k = 0; k < 4; k += 1) planes[at + k]! *= scale;
}

function isInPicture(place: Vector3): boolean {
  for (let at = 0; at < planes.length; at += 4) {
    const middle = planes[at]! * place.x + planes[at + 1]! * (place.y + BODY_MIDDLE_Y) + planes[at + 2]! * place.z;
    if (middle + planes[at + 3]! < -BODY_RADIUS) return false;
  }
  return true;
}
