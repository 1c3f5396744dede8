import type { PerspectiveCamera } from 'three';
import { clamp, type Point } from './cameraBounds';
import type { CameraInput } from './cameraInput';
import type { CameraRig } from './cameraRig';
import { easeShare } from './easing';
import { firstPersonFov } from './fieldOfView';
import { setFov } from './orbitRig';

/**
 * How far one can look aside and up or down from straight ahead, radians. Aside, as far as one turns with a
 * chair: from the seats with their back to it, the room's screen has to be seen too.
 */
export const LOOK_YAW_MAX = 3;
export const LOOK_PITCH_MAX = 0.8;
/** Eyes at rest look a little down, at the others and the table. */
const PITCH_AT_REST = -0.1;
const TURN_RATE = 2;
const KEY_TURN_PER_S = 1.2;
const EASE_MS = 110;

/** One's own eyes: where they are and which way the chair looks. */
export interface OwnEyes {
  /** Writes the eyes' place into `out` and returns the yaw straight ahead, or null while one has no seat. */
  read(out: Point): number | null;
}

/** Looks around from one's own seat. */
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
    const share = isStill ? 1 : easeShare(deltaMs, EASE_MS);
    this.yaw += (this.yawGoal - this.yaw) * share;
    this.pitch += (this.pitchGoal - this.pitch) * share;
    camera.position.set(this.at.x, this.at.y, this.at.z);
    // A camera looks along -Z, a person along +Z.
    camera.rotation.set(this.pitch, ahead + this.yaw + Math.PI, 0, 'YXZ');
    setFov(camera, firstPersonFov(camera.aspect));
  }

  private read(input: CameraInput, deltaMs: number): void {
    const motion = input.take();
    const keys = (KEY_TURN_PER_S * deltaMs) / 1000;
    const yaw = (motion.turnX + motion.slideX) * TURN_RATE - input.axis('turnLeft', 'turnRight') * keys;
    const pitch = (motion.turnY + motion.slideY) * TURN_RATE + input.axis('turnDown', 'turnUp') * keys;
    this.yawGoal = clamp(this.yawGoal + yaw, -LOOK_YAW_MAX, LOOK_YAW_MAX);
    this.pitchGoal = clamp(this.pitchGoal + pitch, -LOOK_PITCH_MAX, LOOK_PITCH_MAX);
  }
}
