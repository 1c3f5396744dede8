import { Frustum, Matrix4, type PerspectiveCamera, type Vector3 } from 'three';
import { type LodView, nextLevel, projectedPixels } from './levelOfDetail';

/** Somebody who may be in the picture. */
export interface Culled {
  readonly id: string;
  /** On the floor, metres. */
  readonly position: Vector3;
  /** Whether there is something to show of them. */
  readonly isShown: boolean;
  visible: boolean;
  /** Level of detail, 0 the finest. */
  level: number;
}

/** A sphere that holds a person with outstretched arms, metres. */
const BODY_RADIUS = 1.05;
const BODY_MIDDLE_Y = 0.75;

const frustum = new Frustum();
const viewProjection = new Matrix4();

/** Height of a person for choosing a level of detail, metres. */
const BODY_HEIGHT = 1.6;

/** Marks who can be in the picture; `hiddenId` never is. */
export function cull(people: readonly Culled[], camera: PerspectiveCamera, hiddenId: string | null): void {
  viewProjection.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse);
  frustum.setFromProjectionMatrix(viewProjection);
  for (const person of people) {
    person.visible = person.id !== hiddenId && person.isShown && isInPicture(person.position);
  }
}

/** `Frustum.intersectsSphere`, without the boxed number a plane that V8 makes of it. */
function isInPicture({ x, y, z }: Vector3): boolean {
  for (let i = 0; i < 6; i += 1) {
    const { normal, constant } = frustum.planes[i]!;
    if (normal.x * x + normal.y * (y + BODY_MIDDLE_Y) + normal.z * z + constant < -BODY_RADIUS) return false;
  }
  return true;
}

/** Chooses everybody's level of detail by how large they are in the picture. */
export function chooseLevels(people: readonly Culled[], camera: PerspectiveCamera, view: LodView): void {
  for (const person of people) {
    const distance = camera.position.distanceTo(person.position);
    person.level = nextLevel(person.level, projectedPixels(BODY_HEIGHT, distance, view), view.coarseness);
  }
}
