import type { PerspectiveCamera } from 'three';
import { type CameraBounds, clamp } from './cameraBounds';
import type { CameraInput } from './cameraInput';
import { easeShare } from './easing';
import { orbitFov } from './fieldOfView';
import { copyShot, createShot, easeShot, limitShot, type Shot, shotPosition } from './shot';

/** One way of moving the camera. */
export interface CameraRig {
  /** Starts from where the camera is now. */
  enter(camera: PerspectiveCamera): void;
  /** One frame; `isStill`: cuts instead of easing. */
  update(camera: PerspectiveCamera, input: CameraInput, deltaMs: number, isStill: boolean): void;
}

/** Radians per picture height dragged. */
const TURN_RATE = 3.2;
const KEY_TURN_PER_S = 1.1;
const KEY_ZOOM_PER_S = 1;
/** The target can be moved this far from the middle of the room, metres. */
const TARGET_REACH = 3;

/** Moves `goal` by pointer, wheel and keys; returns false if they did nothing. */
export function handOrbit(goal: Shot, input: CameraInput, deltaMs: number): boolean {
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

function slide({ target, azimuth }: Shot, dx: number, dy: number): void {
  target.x = clamp(target.x - dx * Math.cos(azimuth), -TARGET_REACH, TARGET_REACH);
  target.z = clamp(target.z + dx * Math.sin(azimuth), -TARGET_REACH, TARGET_REACH);
  target.y = clamp(target.y + dy, 0.3, 1.6);
}

/** How slowly the camera follows the hand, and how slowly it reframes by itself. */
const HAND_EASE_MS = 110;
const REFRAME_EASE_MS = 850;
/** It starts gently: time until it moves at full pace. */
const SET_OFF_MS = 900;

/** Orbits the people; reframes by itself until moved by hand. */
export class OrbitRig implements CameraRig {
  private readonly shot = createShot();
  private readonly goal = createShot();
  private inHand = false;
  private fresh = true;
  private reframingMs = 0;

  /** `fovOf`: vertical field of view, degrees, of a picture of an aspect. */
  constructor(
    private readonly bounds: CameraBounds,
    private readonly fovOf: (aspect: number) => number = orbitFov,
  ) {}

  /** Eases to `shot`, unless the camera was moved by hand. */
  frame(shot: Shot): void {
    if (this.inHand) return;
    if (this.isSettled) this.reframingMs = 0;
    copyShot(shot, this.goal);
    if (this.fresh) copyShot(shot, this.shot);
    this.fresh = false;
  }

  /** Forgets that the camera was moved by hand: frames are followed again. */
  release(): void {
    this.inHand = false;
  }

  enter(): void {}

  update(camera: PerspectiveCamera, input: CameraInput, deltaMs: number, isStill: boolean): void {
    if (handOrbit(this.goal, input, deltaMs)) this.inHand = true;
    limitShot(this.goal, this.bounds);
    this.reframingMs += deltaMs;
    easeShot(this.shot, this.goal, isStill ? 1 : this.shareFor(deltaMs));
    limitShot(this.shot, this.bounds);
    shotPosition(this.shot, camera.position);
    camera.lookAt(this.shot.target.x, this.shot.target.y, this.shot.target.z);
    setFov(camera, this.fovOf(camera.aspect));
  }

  private shareFor(deltaMs: number): number {
    if (this.inHand) return easeShare(deltaMs, HAND_EASE_MS);
    return easeShare(deltaMs, REFRAME_EASE_MS) * Math.min(1, this.reframingMs / SET_OFF_MS);
  }

  /** Whether the camera has about reached its goal. */
  private get isSettled(): boolean {
    const { shot, goal } = this;
    return Math.abs(shot.azimuth - goal.azimuth) < 0.02 && Math.abs(shot.distance - goal.distance) < 0.1;
  }
}

/** Sets the vertical field of view if it differs. */
export function setFov(camera: PerspectiveCamera, fov: number): void {
  if (Math.abs(camera.fov - fov) < 0.01) return;
  camera.fov = fov;
  camera.updateProjectionMatrix();
}
