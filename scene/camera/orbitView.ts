import { type CameraBounds, clamp, type Point, reach } from './cameraBounds';
import { nearestTurn } from './easing';
import { orbitFov } from './fieldOfView';

/** A camera that looks at a target from around it. */
export interface OrbitView {
  readonly target: Point;
  /** About +Y, radians; at 0 the camera is on the +Z side. */
  azimuth: number;
  /** Above the horizon, radians. */
  elevation: number;
  /** Metres. */
  distance: number;
}

export const ELEVATION_MIN = -0.05;
export const ELEVATION_MAX = 1.25;
export const DISTANCE_MIN = 1.1;
export const DISTANCE_MAX = 9;
/** Nearest the room's box may push the camera to its target, metres. */
const DISTANCE_FLOOR = 0.3;

/** A view to be written to. */
export function createOrbitView(): OrbitView {
  return { target: { x: 0, y: 0.8, z: 0 }, azimuth: 0, elevation: 0.4, distance: 5 };
}

export function copyOrbitView(from: OrbitView, out: OrbitView): void {
  Object.assign(out.target, from.target);
  out.azimuth = from.azimuth;
  out.elevation = from.elevation;
  out.distance = from.distance;
}

/** Keeps a view above the floor and within the room, in place: never under, never through a wall. */
export function limitOrbit(view: OrbitView, bounds: CameraBounds): void {
  view.elevation = clamp(view.elevation, ELEVATION_MIN, ELEVATION_MAX);
  const flat = Math.cos(view.elevation);
  const room = reach(
    view.target,
    Math.sin(view.azimuth) * flat,
    Math.sin(view.elevation),
    Math.cos(view.azimuth) * flat,
    bounds,
  );
  view.distance = clamp(view.distance, DISTANCE_MIN, DISTANCE_MAX);
  view.distance = Math.max(DISTANCE_FLOOR, Math.min(view.distance, room));
}

/** Where the camera of a view is, into `out`. */
export function orbitPosition(view: OrbitView, out: Point): Point {
  const flat = Math.cos(view.elevation) * view.distance;
  out.x = view.target.x + Math.sin(view.azimuth) * flat;
  out.y = view.target.y + Math.sin(view.elevation) * view.distance;
  out.z = view.target.z + Math.cos(view.azimuth) * flat;
  return out;
}

/** Moves `view` by `share` of the way to `goal`, the short way round. */
export function easeOrbit(view: OrbitView, goal: OrbitView, share: number): void {
  const azimuth = nearestTurn(goal.azimuth, view.azimuth);
  view.azimuth += (azimuth - view.azimuth) * share;
  view.elevation += (goal.elevation - view.elevation) * share;
  view.distance += (goal.distance - view.distance) * share;
  view.target.x += (goal.target.x - view.target.x) * share;
  view.target.y += (goal.target.y - view.target.y) * share;
  view.target.z += (goal.target.z - view.target.z) * share;
}

/** How points fall into the picture of an orbit view. */
export class Projection {
  private readonly camera: Point = { x: 0, y: 0, z: 0 };
  private readonly sinAzimuth: number;
  private readonly cosAzimuth: number;
  private readonly sinElevation: number;
  private readonly cosElevation: number;
  private readonly tanY: number;
  private readonly tanX: number;

  /** `fov`: vertical, degrees. */
  constructor(view: OrbitView, aspect: number, fov = orbitFov(aspect)) {
    orbitPosition(view, this.camera);
    this.sinAzimuth = Math.sin(view.azimuth);
    this.cosAzimuth = Math.cos(view.azimuth);
    this.sinElevation = Math.sin(view.elevation);
    this.cosElevation = Math.cos(view.elevation);
    this.tanY = Math.tan((fov * Math.PI) / 360);
    this.tanX = this.tanY * aspect;
  }

  /** Picture coordinates -1..1 of a point, into `out`; z is its depth. */
  project(x: number, y: number, z: number, out: Point): Point {
    const { camera, sinAzimuth: sa, cosAzimuth: ca, sinElevation: se, cosElevation: ce } = this;
    const [dx, dy, dz] = [x - camera.x, y - camera.y, z - camera.z];
    const depth = -(dx * sa * ce + dy * se + dz * ca * ce);
    const safe = Math.max(0.05, depth);
    out.x = (dx * ca - dz * sa) / (safe * this.tanX);
    out.y = (-dx * sa * se + dy * ce - dz * ca * se) / (safe * this.tanY);
    out.z = depth;
    return out;
  }
}
