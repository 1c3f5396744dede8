import type { PerspectiveCamera } from 'three';
import { type CameraBounds, clamp } from './cameraBounds';
import type { CameraInput } from './cameraInput';
import { easeShare } from './easing';
import { orbitFov } from './fieldOfView';
import { copyOrbitView, createOrbitView, easeOrbit, limitOrbit, type OrbitView, orbitPosition } from './orbitView';

/** One way of moving the camera. */
export interface CameraRig {
  /** Begins where the camera is now. */
  enter(camera: PerspectiveCamera): void;
  /** One frame; `isStill`: cut instead of easing. */
  update(camera: PerspectiveCamera, input: CameraInput, deltaMs: number, isStill: boolean): void;
}

/** Radians a dragged picture height. */
const TURN_RATE = 3.2;
const KEY_TURN_PER_S = 1.1;
const KEY_ZOOM_PER_S = 1;
/** The target may be slid this far from the room's middle, metres. */
const TARGET_REACH = 3;

/** Moves `goal` as pointer, wheel and keys say; false where none of them did anything. */
export function handOrbit(goal: OrbitView, input: CameraInput, deltaMs: number): boolean {
  const motion = input.take();
  const keyShare = deltaMs / 1000;
  const turnX = -motion.turnX * TURN_RATE + input.axis('turnLeft', 'turnRight') * KEY_TURN_PER_S * keyShare;
  const turnY = motion.turnY * TURN_RATE + input.axis('turnDown', 'turnUp') * KEY_TURN_PER_S * keyShare;
  const zoom = motion.zoom * Math.exp(input.axis('closer', 'farther') * KEY_ZOOM_PER_S * keyShare);
  if (turnX === 0 && turnY === 0 && zoom === 1 && motion.slideX === 0 && motion.slideY === 0) return false;
  goal.azimuth += turnX;
  goal.elevation += turnY;
  goal.distance *= zoom;
  slide(goal, motion.slideX * goal.distance, motion.slideY * goal.distance);
  return true;
}

function slide({ target, azimuth }: OrbitView, dx: number, dy: number): void {
  target.x = clamp(target.x - dx * Math.cos(azimuth), -TARGET_REACH, TARGET_REACH);
  target.z = clamp(target.z + dx * Math.sin(azimuth), -TARGET_REACH, TARGET_REACH);
  target.y = clamp(target.y + dy, 0.3, 1.6);
}

/** How slowly the camera follows a hand, and how slowly it reframes by itself. */
const HAND_EASE_MS = 110;
const REFRAME_EASE_MS = 850;
/** It sets off gently: this long until it moves at its full pace. */
const SET_OFF_MS = 900;

/** Goes around the people; reframes by itself until somebody takes the camera in hand. */
export class OrbitRig implements CameraRig {
  private readonly view = createOrbitView();
  private readonly goal = createOrbitView();
  private inHand = false;
  private fresh = true;
  private reframingMs = 0;

  /** `fovOf`: vertical field of view, degrees, of a picture of an aspect. */
  constructor(
    private readonly bounds: CameraBounds,
    private readonly fovOf: (aspect: number) => number = orbitFov,
  ) {}

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
    if (handOrbit(this.goal, input, deltaMs)) this.inHand = true;
    limitOrbit(this.goal, this.bounds);
    this.reframingMs += deltaMs;
    easeOrbit(this.view, this.goal, isStill ? 1 : this.shareFor(deltaMs));
    limitOrbit(this.view, this.bounds);
    orbitPosition(this.view, camera.position);
    camera.lookAt(this.view.target.x, this.view.target.y, this.view.target.z);
    setFov(camera, this.fovOf(camera.aspect));
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
}

/** Sets the vertical field of view where it differs. */
export function setFov(camera: PerspectiveCamera, fov: number): void {
  if (Math.abs(camera.fov - fov) < 0.01) return;
  camera.fov = fov;
  camera.updateProjectionMatrix();
}
