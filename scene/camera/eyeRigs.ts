import { Euler, type PerspectiveCamera, Vector3 } from 'three';
import { type CameraBounds, clamp, keepInside, type Point } from './cameraBounds';
import type { CameraInput } from './cameraInput';
import { easeShare } from './easing';
import { firstPersonFov } from './fieldOfView';
import { type CameraRig, setFov } from './orbitRig';

/**
 * How far a person can look aside and up or down from straight ahead, radians. Aside it is as far as the chair turns:
 * seats with their back to the room's screen must see it too.
 */
export const LOOK_YAW_MAX = 3;
const LOOK_PITCH_MAX = 0.8;
/** At rest, eyes look slightly down, at the others and the table. */
const PITCH_AT_REST = -0.1;
const LOOK_TURN_RATE = 2;
const LOOK_KEY_TURN_PER_S = 1.2;
const LOOK_EASE_MS = 110;

/** The local participant's eyes: where they are and which way the chair faces. */
export interface OwnEyes {
  /** Writes the eyes' place into `out` and returns the yaw straight ahead; null without a seat. */
  read(out: Point): number | null;
}

/** Looks around from the local participant's seat. */
export class FirstPersonRig implements CameraRig {
  private yaw = 0;
  private pitch = PITCH_AT_REST;
  private yawGoal = 0;
  private pitchGoal = PITCH_AT_REST;
  private readonly at: Point = { x: 0, y: 1, z: 0 };

  constructor(private readonly eyes: OwnEyes) {}

  enter(): void {
    this.yaw = 0;
    this.yawGoal = 0;
    this.pitch = PITCH_AT_REST;
    this.pitchGoal = PITCH_AT_REST;
  }

  update(camera: PerspectiveCamera, input: CameraInput, deltaMs: number, isStill: boolean): void {
    const ahead = this.eyes.read(this.at);
    if (ahead === null) return;
    this.read(input, deltaMs);
    const share = isStill ? 1 : easeShare(deltaMs, LOOK_EASE_MS);
    this.yaw += (this.yawGoal - this.yaw) * share;
    this.pitch += (this.pitchGoal - this.pitch) * share;
    camera.position.set(this.at.x, this.at.y, this.at.z);
    // A camera looks along -Z, a person along +Z.
    camera.rotation.set(this.pitch, ahead + this.yaw + Math.PI, 0, 'YXZ');
    setFov(camera, firstPersonFov(camera.aspect));
  }

  private read(input: CameraInput, deltaMs: number): void {
    const motion = input.take();
    const keys = (LOOK_KEY_TURN_PER_S * deltaMs) / 1000;
    const yaw = (motion.turnX + motion.slideX) * LOOK_TURN_RATE - input.axis('turnLeft', 'turnRight') * keys;
    const pitch = (motion.turnY + motion.slideY) * LOOK_TURN_RATE + input.axis('turnDown', 'turnUp') * keys;
    this.yawGoal = clamp(this.yawGoal + yaw, -LOOK_YAW_MAX, LOOK_YAW_MAX);
    this.pitchGoal = clamp(this.pitchGoal + pitch, -LOOK_PITCH_MAX, LOOK_PITCH_MAX);
  }
}

const FREE_PITCH_MAX = 1.4;
const FREE_TURN_RATE = 2.2;
const FREE_KEY_TURN_PER_S = 1.3;
/** Metres per second, and metres per picture height dragged. */
const SPEED_PER_S = 2.2;
const SLIDE_RATE = 3;
const ZOOM_RATE = 2.5;
const FREE_EASE_MS = 140;

const euler = new Euler(0, 0, 0, 'YXZ');
const step = new Vector3();

/** Flies about within the room. */
export class FreeRig implements CameraRig {
  private readonly goal = new Vector3(0, 1.6, 3);
  private yaw = 0;
  private pitch = 0;
  private yawGoal = 0;
  private pitchGoal = 0;

  constructor(private readonly bounds: CameraBounds) {}

  enter(camera: PerspectiveCamera): void {
    this.goal.copy(camera.position);
    euler.setFromQuaternion(camera.quaternion, 'YXZ');
    this.yaw = euler.y;
    this.pitch = euler.x;
    this.yawGoal = euler.y;
    this.pitchGoal = euler.x;
  }

  update(camera: PerspectiveCamera, input: CameraInput, deltaMs: number, isStill: boolean): void {
    this.read(input, deltaMs / 1000);
    keepInside(this.goal, this.bounds);
    const share = isStill ? 1 : easeShare(deltaMs, FREE_EASE_MS);
    this.yaw += (this.yawGoal - this.yaw) * share;
    this.pitch += (this.pitchGoal - this.pitch) * share;
    camera.position.lerp(this.goal, share);
    camera.rotation.set(this.pitch, this.yaw, 0, 'YXZ');
    setFov(camera, firstPersonFov(camera.aspect));
  }

  private read(input: CameraInput, seconds: number): void {
    const motion = input.take();
    const keys = FREE_KEY_TURN_PER_S * seconds;
    this.yawGoal += motion.turnX * FREE_TURN_RATE - input.axis('turnLeft', 'turnRight') * keys;
    const pitch = this.pitchGoal + motion.turnY * FREE_TURN_RATE;
    this.pitchGoal = clamp(pitch, -FREE_PITCH_MAX, FREE_PITCH_MAX);
    const ahead = input.axis('back', 'forward') + input.axis('turnDown', 'turnUp') + input.axis('farther', 'closer');
    step.set(
      input.axis('left', 'right') * SPEED_PER_S * seconds - motion.slideX * SLIDE_RATE,
      0,
      -ahead * SPEED_PER_S * seconds + Math.log(motion.zoom) * ZOOM_RATE,
    );
    this.goal.add(step.applyEuler(euler.set(this.pitch, this.yaw, 0)));
    this.goal.y += input.axis('down', 'up') * SPEED_PER_S * seconds + motion.slideY * SLIDE_RATE;
  }
}
