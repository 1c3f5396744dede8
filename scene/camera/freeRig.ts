import { Euler, type PerspectiveCamera, Vector3 } from 'three';
import { type CameraBounds, clamp, keepInside } from './cameraBounds';
import type { CameraInput } from './cameraInput';
import type { CameraRig } from './cameraRig';
import { easeShare } from './easing';
import { firstPersonFov } from './fieldOfView';
import { setFov } from './orbitRig';

const PITCH_MAX = 1.4;
const TURN_RATE = 2.2;
const KEY_TURN_PER_S = 1.3;
/** Metres a second, and metres a dragged picture height. */
const SPEED_PER_S = 2.2;
const SLIDE_RATE = 3;
const ZOOM_RATE = 2.5;
const EASE_MS = 140;

const euler = new Euler(0, 0, 0, 'YXZ');
const step = new Vector3();

/** Flies about the room, never out of it. */
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
    const share = isStill ? 1 : easeShare(deltaMs, EASE_MS);
    this.yaw += (this.yawGoal - this.yaw) * share;
    this.pitch += (this.pitchGoal - this.pitch) * share;
    camera.position.lerp(this.goal, share);
    camera.rotation.set(this.pitch, this.yaw, 0, 'YXZ');
    setFov(camera, firstPersonFov(camera.aspect));
  }

  private read(input: CameraInput, seconds: number): void {
    const motion = input.take();
    const keys = KEY_TURN_PER_S * seconds;
    this.yawGoal += motion.turnX * TURN_RATE - input.axis('turnLeft', 'turnRight') * keys;
    const pitch = this.pitchGoal + motion.turnY * TURN_RATE;
    this.pitchGoal = clamp(pitch, -PITCH_MAX, PITCH_MAX);
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
