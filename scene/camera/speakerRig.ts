import { Euler, type PerspectiveCamera, Vector3 } from 'three';
import type { CameraBounds, Point } from './cameraBounds';
import type { CameraInput } from './cameraInput';
import { easeShare, nearestTurn } from './easing';
import { orbitFov } from './fieldOfView';
import type { FramedPerson } from './framing';
import { type CameraRig, handOrbit, setFov } from './orbitRig';
import { copyOrbitView, createOrbitView, easeOrbit, limitOrbit, type OrbitView, orbitPosition } from './orbitView';
import { frameSpeaker, SpeakerChoice } from './speakerShots';

/** A head, for a camera that has to go round it: metres. */
export type Head = Readonly<Point>;

/** Where a gliding camera is and how it looks. */
export interface GlidePose extends Point {
  /** About +Y, then about the camera's own X, radians. */
  yaw: number;
  pitch: number;
}

/** A camera's way from one view to another. */
export interface Glide {
  readonly from: OrbitView;
  readonly to: OrbitView;
  /** How much higher than the straight way its middle is, metres. */
  readonly lift: number;
  readonly durationMs: number;
}

/** Nobody's head is nearer to a gliding camera than this, metres. */
export const GLIDE_CLEARANCE = 0.4;
/** A way that turns farther is a whip pan, and one that is longer a flight: better a cut. Radians, metres. */
const TURN_MAX = 1.3;
const LENGTH_MAX = 3.4;
const LIFTS = [0, 0.15, 0.3, 0.5, 0.75, 1] as const;
const SAMPLES = 24;
/** Time of a way: so much at least, and so much a metre and a radian. */
const LEAST_MS = 1400;
const METRE_MS = 320;
const RADIAN_MS = 500;

const start: Point = { x: 0, y: 0, z: 0 };
const end: Point = { x: 0, y: 0, z: 0 };
const sample: GlidePose = { x: 0, y: 0, z: 0, yaw: 0, pitch: 0 };

/** Sets off and arrives without a jerk; 0..1. */
const smoother = (t: number): number => t * t * t * (t * (6 * t - 15) + 10);

/** Where the camera is after `share` (0..1) of the time, into `out`. */
export function glideAt({ from, to, lift }: Glide, share: number, out: GlidePose): GlidePose {
  const t = smoother(Math.min(1, Math.max(0, share)));
  orbitPosition(from, start);
  orbitPosition(to, end);
  out.x = start.x + (end.x - start.x) * t;
  out.y = start.y + (end.y - start.y) * t + lift * Math.sin(Math.PI * t);
  out.z = start.z + (end.z - start.z) * t;
  out.yaw = from.azimuth + (nearestTurn(to.azimuth, from.azimuth) - from.azimuth) * t;
  out.pitch = -(from.elevation + (to.elevation - from.elevation) * t);
  return out;
}

function clears(glide: Glide, heads: readonly Head[], ceilingY: number): boolean {
  for (let i = 1; i <= SAMPLES; i += 1) {
    const { x, y, z } = glideAt(glide, i / SAMPLES, sample);
    if (y > ceilingY) return false;
    if (heads.some((head) => Math.hypot(head.x - x, head.y - y, head.z - z) < GLIDE_CLEARANCE)) return false;
  }
  return true;
}

/**
 * The way from one view to another that meets no head and stays under `ceilingY`, over them where it has to; or null
 * where it would turn or fly too far, or finds no way: then the picture is better cut.
 */
export function planGlide(from: OrbitView, to: OrbitView, heads: readonly Head[], ceilingY: number): Glide | null {
  const turn = Math.abs(nearestTurn(to.azimuth, from.azimuth) - from.azimuth);
  orbitPosition(from, start);
  orbitPosition(to, end);
  const length = Math.hypot(end.x - start.x, end.y - start.y, end.z - start.z);
  if (turn > TURN_MAX || length > LENGTH_MAX) return null;
  const durationMs = LEAST_MS + METRE_MS * length + RADIAN_MS * turn;
  for (const lift of LIFTS) {
    const glide = { from, to, lift, durationMs };
    if (clears(glide, heads, ceilingY)) return glide;
  }
  return null;
}

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
