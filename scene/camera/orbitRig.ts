import type { PerspectiveCamera } from 'three';
import type { CameraBounds } from './cameraBounds';
import type { CameraInput } from './cameraInput';
import type { CameraRig } from './cameraRig';
import { easeShare } from './easing';
import { orbitFov } from './fieldOfView';
import { copyOrbitView, createOrbitView, easeOrbit, limitOrbit, type OrbitView, orbitPosition } from './orbitView';

/** How slowly the camera follows a hand, and how slowly it reframes by itself. */
const HAND_EASE_MS = 110;
const REFRAME_EASE_MS = 850;
/** It sets off gently: this long until it moves at its full pace. */
const SET_OFF_MS = 900;
/** Radians a dragged picture height. */
const TURN_RATE = 3.2;
const KEY_TURN_PER_S = 1.1;
const KEY_ZOOM_PER_S = 1;
/** The target may be slid this far from the table's middle, metres. */
const TARGET_REACH = 3;

/** Goes around the people; reframes by itself until somebody takes the camera in hand. */
export class OrbitRig implements CameraRig {
  private readonly view = createOrbitView();
  private readonly goal = createOrbitView();
  private inHand = false;
  private fresh = true;
  private reframingMs = 0;

  constructor(private readonly bounds: CameraBounds) {}

  /** Shows `view` from now on, unless the camera is in hand. */
  frame(view: OrbitView): void {
    if (this.inHand) return;
    if (this.isSettled) this.reframingMs = 0;
    copyOrbitView(view, this.goal);
    if (this.fresh) copyOrbitView(view, this.view);
    this.fresh = false;
  }

  /** Gives the camera back to the framing. */
  release(): void {
    this.inHand = false;
  }

  enter(): void {}

  update(camera: PerspectiveCamera, input: CameraInput, deltaMs: number, isStill: boolean): void {
    this.read(input, deltaMs);
    limitOrbit(this.goal, this.bounds);
    this.reframingMs += deltaMs;
    easeOrbit(this.view, this.goal, isStill ? 1 : this.shareFor(deltaMs));
    limitOrbit(this.view, this.bounds);
    orbitPosition(this.view, camera.position);
    camera.lookAt(this.view.target.x, this.view.target.y, this.view.target.z);
    setFov(camera, orbitFov(camera.aspect));
  }

  private shareFor(deltaMs: number): number {
    if (this.inHand) return easeShare(deltaMs, HAND_EASE_MS);
    return easeShare(deltaMs, REFRAME_EASE_MS) * Math.min(1, this.reframingMs / SET_OFF_MS);
  }

  /** Whether the camera is about where it was last told to go. */
  private get isSettled(): boolean {
    const { view, goal } = this;
    return Math.abs(view.azimuth - goal.azimuth) < 0.02 && Math.abs(view.distance - goal.distance) < 0.1;
  }

  private read(input: CameraInput, deltaMs: number): void {
    const motion = input.take();
    const keyShare = deltaMs / 1000;
    const turnX = -motion.turnX * TURN_RATE + input.axis('turnLeft', 'turnRight') * KEY_TURN_PER_S * keyShare;
    const turnY = motion.turnY * TURN_RATE + input.axis('turnDown', 'turnUp') * KEY_TURN_PER_S * keyShare;
    const zoom = motion.zoom * Math.exp(input.axis('closer', 'farther') * KEY_ZOOM_PER_S * keyShare);
    if (turnX === 0 && turnY === 0 && zoom === 1 && motion.slideX === 0 && motion.slideY === 0) return;
    this.inHand = true;
    this.goal.azimuth += turnX;
    this.goal.elevation += turnY;
    this.goal.distance *= zoom;
    this.slide(motion.slideX * this.goal.distance, motion.slideY * this.goal.distance);
  }

  private slide(dx: number, dy: number): void {
    const { target, azimuth } = this.goal;
    target.x = within(target.x - dx * Math.cos(azimuth), TARGET_REACH);
    target.z = within(target.z + dx * Math.sin(azimuth), TARGET_REACH);
    target.y = Math.min(1.6, Math.max(0.3, target.y + dy));
  }
}

const within = (value: number, limit: number): number => Math.max(-limit, Math.min(limit, value));

/** Sets the vertical field of view where it differs. */
export function setFov(camera: PerspectiveCamera, fov: number): void {
  if (Math.abs(camera.fov - fov) < 0.01) return;
  camera.fov = fov;
  camera.updateProjectionMatrix();
}
