import type { Point } from './cameraBounds';
import { orbitFov } from './fieldOfView';
import { type OrbitView, orbitPosition } from './orbitView';

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
