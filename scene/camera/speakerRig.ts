import { Euler, type PerspectiveCamera, Vector3 } from 'three';
import type { CameraBounds } from './cameraBounds';
import type { CameraInput } from './cameraInput';
import type { CameraRig } from './cameraRig';
import { easeShare } from './easing';
import { orbitFov } from './fieldOfView';
import type { FramedPerson } from './framing';
import { type Glide, type GlidePose, glideAt, planGlide } from './glide';
import { handOrbit } from './orbitHand';
import { setFov } from './orbitRig';
import { copyOrbitView, createOrbitView, easeOrbit, limitOrbit, type OrbitView } from './orbitView';
import { SpeakerChoice } from './speakerChoice';
import { frameSpeaker } from './speakerFraming';

/** Taken in hand, the camera is left alone for so long after the last touch. */
const HAND_KEEPS_MS = 8000;
const HAND_EASE_MS = 110;
/** After a cut the camera comes closer by this share of its distance, this slowly. */
const PUSH_IN = 0.05;
const PUSH_IN_MS = 3500;

/** What a camera that follows the speakers has to know of the meeting. */
export interface FollowedMeeting {
  /** Everybody who can be in the picture. */
  readonly people: readonly FramedPerson[];
  isSpeaking(personId: string): boolean;
  /** The view of everybody. */
  everybody(): OrbitView;
}

const euler = new Euler(0, 0, 0, 'YXZ');
const ahead = new Vector3();

/** Shows whoever speaks, like a good documentary: glides where the way is short, else cuts and comes closer slowly. */
export class SpeakerRig implements CameraRig {
  private readonly choice = new SpeakerChoice();
  private readonly view = createOrbitView();
  private readonly goal = createOrbitView();
  private readonly pose: GlidePose = { x: 0, y: 0, z: 0, yaw: 0, pitch: 0 };
  private readonly from = createOrbitView();
  private glide: Glide | null = null;
  private glideMs = 0;
  private timeMs = 0;
  private handMs = Number.NEGATIVE_INFINITY;
  private isStale = false;

  constructor(
    private readonly bounds: CameraBounds,
    private readonly meeting: FollowedMeeting,
  ) {}

  enter(camera: PerspectiveCamera): void {
    readCamera(camera, this.view);
    copyOrbitView(this.view, this.goal);
    this.glide = null;
    this.handMs = Number.NEGATIVE_INFINITY;
    this.isStale = true;
  }

  /** Says that people have come, gone or moved. */
  reframe(): void {
    this.isStale = true;
  }

  update(camera: PerspectiveCamera, input: CameraInput, deltaMs: number, isStill: boolean): void {
    this.timeMs += deltaMs;
    this.takeInHand(input, deltaMs);
    this.follow(camera.aspect, isStill);
    if (this.glide) this.advance(deltaMs);
    else this.ease(deltaMs, isStill);
    camera.position.set(this.pose.x, this.pose.y, this.pose.z);
    camera.rotation.set(this.pose.pitch, this.pose.yaw, 0, 'YXZ');
    setFov(camera, orbitFov(camera.aspect));
  }

  private takeInHand(input: CameraInput, deltaMs: number): void {
    if (!handOrbit(this.goal, input, deltaMs)) return;
    if (this.glide) this.stopGlide();
    this.handMs = this.timeMs;
  }

  private get isInHand(): boolean {
    return this.timeMs - this.handMs < HAND_KEEPS_MS;
  }

  private follow(aspect: number, isStill: boolean): void {
    const { meeting, choice } = this;
    const isChanged = choice.update(meeting.people, this.isSpeaking, this.timeMs);
    if (this.isInHand) {
      this.isStale ||= isChanged;
      return;
    }
    if (!isChanged && !(this.isStale && !this.glide)) return;
    this.isStale = false;
    this.show(this.bestView(aspect), isStill);
  }

  private readonly isSpeaking = (id: string): boolean => this.meeting.isSpeaking(id);

  private bestView(aspect: number): OrbitView {
    const { people } = this.meeting;
    const subject = people.find(({ id }) => id === this.choice.subject);
    return subject ? frameSpeaker(people, subject, aspect, this.bounds) : this.meeting.everybody();
  }

  private show(view: OrbitView, isStill: boolean): void {
    const heads = this.meeting.people.map(({ x, eyeY, z }) => ({ x, y: eyeY, z }));
    copyOrbitView(this.view, this.from);
    copyOrbitView(view, this.goal);
    this.glideMs = 0;
    this.glide = isStill ? null : planGlide(this.from, view, heads, this.bounds.maxY);
    if (this.glide) return;
    copyOrbitView(view, this.view);
    if (isStill) return;
    this.view.distance *= 1 + PUSH_IN;
    limitOrbit(this.view, this.bounds);
  }

  private advance(deltaMs: number): void {
    const glide = this.glide!;
    this.glideMs += deltaMs;
    glideAt(glide, this.glideMs / glide.durationMs, this.pose);
    if (this.glideMs < glide.durationMs) return;
    copyOrbitView(glide.to, this.view);
    this.glide = null;
  }

  /** Leaves a glide where it is: from there on the hand leads. */
  private stopGlide(): void {
    poseToView(this.pose, this.goal.distance, this.view);
    copyOrbitView(this.view, this.goal);
    this.glide = null;
  }

  private ease(deltaMs: number, isStill: boolean): void {
    limitOrbit(this.goal, this.bounds);
    easeOrbit(this.view, this.goal, isStill ? 1 : easeShare(deltaMs, this.isInHand ? HAND_EASE_MS : PUSH_IN_MS));
    limitOrbit(this.view, this.bounds);
    viewToPose(this.view, this.pose);
  }
}

/** The view of a camera, as if it looked at something `distance` metres away. */
function poseToView({ x, y, z, yaw, pitch }: GlidePose, distance: number, out: OrbitView): void {
  const flat = Math.cos(pitch) * distance;
  out.azimuth = yaw;
  out.elevation = -pitch;
  out.distance = distance;
  out.target.x = x - Math.sin(yaw) * flat;
  out.target.y = y + Math.sin(pitch) * distance;
  out.target.z = z - Math.cos(yaw) * flat;
}

function viewToPose(view: OrbitView, out: GlidePose): void {
  const flat = Math.cos(view.elevation) * view.distance;
  out.x = view.target.x + Math.sin(view.azimuth) * flat;
  out.y = view.target.y + Math.sin(view.elevation) * view.distance;
  out.z = view.target.z + Math.cos(view.azimuth) * flat;
  out.yaw = view.azimuth;
  out.pitch = -view.elevation;
}

const READ_DISTANCE = 2.5;
const read: GlidePose = { x: 0, y: 0, z: 0, yaw: 0, pitch: 0 };

function readCamera(camera: PerspectiveCamera, out: OrbitView): void {
  euler.setFromQuaternion(camera.quaternion, 'YXZ');
  camera.getWorldDirection(ahead);
  Object.assign(read, {
    x: camera.position.x,
    y: camera.position.y,
    z: camera.position.z,
    yaw: euler.y,
    pitch: euler.x,
  });
  poseToView(read, READ_DISTANCE, out);
}
