import { type CameraBounds, clamp, type Point, reach } from './cameraBounds';
import { nearestTurn } from './easing';
import { orbitFov } from './fieldOfView';

/** Where the camera stands and what it looks at: a target, and the camera's direction and distance from there. */
export interface Shot {
  readonly target: Point;
  /** About +Y, radians; at 0 the camera is on the +Z side. */
  azimuth: number;
  /** Above the horizon, radians. */
  elevation: number;
  /** Metres. */
  distance: number;
}

const ELEVATION_MIN = -0.05;
const ELEVATION_MAX = 1.25;
const DISTANCE_MIN = 1.1;
const DISTANCE_MAX = 9;
/** The room's walls push the camera no nearer to its target than this, metres. */
const DISTANCE_FLOOR = 0.3;

/** A shot to write to. */
export function createShot(): Shot {
  return { target: { x: 0, y: 0.8, z: 0 }, azimuth: 0, elevation: 0.4, distance: 5 };
}

export function copyShot(from: Shot, out: Shot): void {
  Object.assign(out.target, from.target);
  out.azimuth = from.azimuth;
  out.elevation = from.elevation;
  out.distance = from.distance;
}

/** Keeps a shot above the floor and within the walls, in place. */
export function limitShot(shot: Shot, bounds: CameraBounds): void {
  shot.elevation = clamp(shot.elevation, ELEVATION_MIN, ELEVATION_MAX);
  const flat = Math.cos(shot.elevation);
  const room = reach(
    shot.target,
    Math.sin(shot.azimuth) * flat,
    Math.sin(shot.elevation),
    Math.cos(shot.azimuth) * flat,
    bounds,
  );
  shot.distance = clamp(shot.distance, DISTANCE_MIN, DISTANCE_MAX);
  shot.distance = Math.max(DISTANCE_FLOOR, Math.min(shot.distance, room));
}

/** Writes where the camera of a shot stands into `out`. */
export function shotPosition(shot: Shot, out: Point): Point {
  const flat = Math.cos(shot.elevation) * shot.distance;
  out.x = shot.target.x + Math.sin(shot.azimuth) * flat;
  out.y = shot.target.y + Math.sin(shot.elevation) * shot.distance;
  out.z = shot.target.z + Math.cos(shot.azimuth) * flat;
  return out;
}

/** Moves `shot` by `share` of the distance to `goal`, the short way round. */
export function easeShot(shot: Shot, goal: Shot, share: number): void {
  const azimuth = nearestTurn(goal.azimuth, shot.azimuth);
  shot.azimuth += (azimuth - shot.azimuth) * share;
  shot.elevation += (goal.elevation - shot.elevation) * share;
  shot.distance += (goal.distance - shot.distance) * share;
  shot.target.x += (goal.target.x - shot.target.x) * share;
  shot.target.y += (goal.target.y - shot.target.y) * share;
  shot.target.z += (goal.target.z - shot.target.z) * share;
}

/** Projects points into the picture of a shot. */
export class Projection {
  private readonly camera: Point = { x: 0, y: 0, z: 0 };
  private readonly sinAzimuth: number;
  private readonly cosAzimuth: number;
  private readonly sinElevation: number;
  private readonly cosElevation: number;
  private readonly tanY: number;
  private readonly tanX: number;

  /** `fov`: vertical, degrees. */
  constructor(shot: Shot, aspect: number, fov = orbitFov(aspect)) {
    shotPosition(shot, this.camera);
    this.sinAzimuth = Math.sin(shot.azimuth);
    this.cosAzimuth = Math.cos(shot.azimuth);
    this.sinElevation = Math.sin(shot.elevation);
    this.cosElevation = Math.cos(shot.elevation);
    this.tanY = Math.tan((fov * Math.PI) / 360);
    this.tanX = this.tanY * aspect;
  }

  /** Writes the picture coordinates -1..1 of a point into `out`; z is its depth, metres. */
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
