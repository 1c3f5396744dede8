import { Frustum, Matrix4, type PerspectiveCamera, Sphere } from 'three';
import type { Actor } from './actor';
import { type LodView, nextLevel, projectedPixels } from './levelOfDetail';

/** A sphere that holds a person with outstretched arms, metres. */
const BODY_RADIUS = 1.05;
const BODY_MIDDLE_Y = 0.75;

const frustum = new Frustum();
const viewProjection = new Matrix4();
const sphere = new Sphere(undefined, BODY_RADIUS);

/** Height of a person for choosing a level of detail, metres. */
const BODY_HEIGHT = 1.6;

/** Marks who can be in the picture; `hiddenId` never is. Nodes of the others are not even updated. */
export function cullActors(actors: readonly Actor[], camera: PerspectiveCamera, hiddenId: string | null): void {
  viewProjection.multiplyMatrices(camera.projectionMatrix, camera.matrixWorldInverse);
  frustum.setFromProjectionMatrix(viewProjection);
  for (const actor of actors) {
    const { root } = actor.instance;
    sphere.center.copy(root.position);
    sphere.center.y += BODY_MIDDLE_Y;
    actor.visible = actor.id !== hiddenId && actor.isShown && frustum.intersectsSphere(sphere);
    root.visible = actor.visible;
    root.matrixWorldAutoUpdate = actor.visible;
  }
}

/** Chooses everybody's level of detail by how large they are in the picture. */
export function chooseLevels(actors: readonly Actor[], camera: PerspectiveCamera, view: LodView): void {
  for (const actor of actors) {
    const distance = camera.position.distanceTo(actor.instance.root.position);
    actor.level = nextLevel(actor.level, projectedPixels(BODY_HEIGHT, distance, view), view.coarseness);
  }
}
