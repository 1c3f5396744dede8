import { CircleGeometry, Group, Mesh, MeshBasicMaterial } from 'three';
import { SCREEN_PICTURE } from '../walls/wallScreen';

/** Sizes and place in metres: on the wall above the table's end, beside the screen, where every seat and camera sees it. */
const RADIUS = 0.07;
const HALO_RADIUS = 0.2;
const BESIDE_SCREEN = 0.34;
const OFF_WALL = 0.02;

/** Signal red, which no mood changes. */
const RED = 0xff4a36;
/** A breath, ms. */
const BREATH_MS = 2400;
const HALO_LEAST = 0.18;
const HALO_MOST = 0.42;

/** A red lamp on the wall with the screen, lit while the meeting is recorded. */
export class RecordingLamp {
  readonly root = new Group();
  private readonly halo: MeshBasicMaterial;

  constructor() {
    const light = new MeshBasicMaterial({ color: RED, fog: false, toneMapped: false });
    this.halo = new MeshBasicMaterial({ color: RED, transparent: true, depthWrite: false, fog: false });
    this.halo.opacity = HALO_MOST;
    const { x, y, z, width, height, yawRad } = SCREEN_PICTURE;
    this.root.name = 'recordingLamp';
    this.root.position.set(x + OFF_WALL, y + height / 2 - RADIUS, z + width / 2 + BESIDE_SCREEN);
    this.root.rotation.y = yawRad;
    const glow = new Mesh(new CircleGeometry(HALO_RADIUS, 32), this.halo);
    glow.position.z = -0.004;
    this.root.add(glow, new Mesh(new CircleGeometry(RADIUS, 32), light));
  }

  /** Lets it breathe; `isStill`: it is lit evenly. Allocates nothing. */
  update(nowMs: number, isStill: boolean): void {
    const breath = isStill ? 1 : 0.5 - 0.5 * Math.cos((2 * Math.PI * nowMs) / BREATH_MS);
    this.halo.opacity = HALO_LEAST + (HALO_MOST - HALO_LEAST) * breath;
  }
}
