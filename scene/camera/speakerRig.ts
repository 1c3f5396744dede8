import { Euler, type PerspectiveCamera, Vector3 } from 'three';
import type { CameraBounds, Point } from './cameraBounds';
import type { CameraInput } from './cameraInput';
import { easeShare, nearestTurn } from './easing';
import { orbitFov } from './fieldOfView';
import type { FramedPerson } from './framing';
import { type CameraRig, handOrbit, setFov } from './orbitRig';
import { copyShot, createShot, easeShot, limitShot, type Shot, shotPosition } from './shot';
import { frameSpeaker, SpeakerChoice } from './speakerShots';

/** A head that the camera must avoid, metres. */
type Head = Readonly<Point>;

/** Position and direction of a gliding camera. */
export interface GlidePose extends Point {
  /** About +Y, then about the camera's own X, radians. */
  yaw: number;
  pitch: number;
}

/** A camera's flight from one shot to another. */
export interface Glide {
  readonly from: Shot;
  readonly to: Shot;
  /** How far its middle lies above the straight line, metres. */
  readonly lift: number;
  readonly durationMs: number;
}

/** A gliding camera keeps at least this far from every head, metres. */
export const GLIDE_CLEARANCE = 0.4;
/** A glide that turns or flies farther than this is worse than a cut. Radians, metres. */
const TURN_MAX = 1.3;
const LENGTH_MAX = 3.4;
const LIFTS = [0, 0.15, 0.3, 0.5, 0.75, 1] as const;
const SAMPLES = 24;
/** Duration of a glide: at least this, plus a share for each metre and radian. */
const LEAST_MS = 1400;
const METRE_MS = 320;
const RADIAN_MS = 500;

const start: Point = { x: 0, y: 0, z: 0 };
const end: Point = { x: 0, y: 0, z: 0 };
const sample: GlidePose = { x: 0, y: 0, z: 0, yaw: 0, pitch: 0 };

/** Starts and ends without a jerk; 0..1 to 0..1. */
const smoother = (t: number): number => t * t * t * (t * (6 * t - 15) + 10);

/** Where the camera is after `share` (0..1) of the time, into `out`. */
export function glideAt({ from, to, lift }: Glide, share: number, out: GlidePose): GlidePose {
  const t = smoother(Math.min(1, Math.max(0, share)));
  shotPosition(from, start);
  shotPosition(to, end);
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
 * The glide from one shot to another, lifted over heads if need be and below `ceilingY`; null if it would turn or fly
 * too far or finds no way past the heads: then a cut is better.
 */
export function planGlide(from: Shot, to: Shot, heads: readonly Head[], ceilingY: number): Glide | null {
  const turn = Math.abs(nearestTurn(to.azimuth, from.azimuth) - from.azimuth);
  shotPosition(from, start);
  shotPosition(to, end);
  const length = Math.hypot(end.x - start.x, end.y - start.y, end.z - start.z);
  if (turn > TURN_MAX || length > LENGTH_MAX) return null;
  const durationMs = LEAST_MS + METRE_MS * length + RADIAN_MS * turn;
  for (const lift of LIFTS) {
    const glide = { from, to, lift, durationMs };
    if (clears(glide, heads, ceilingY)) return glide;
  }
  return null;
}

/** After the camera is moved by hand it stays put for this long. */
const HAND_KEEPS_MS = 8000;
const HAND_EASE_MS = 110;
/** After a cut the camera moves closer by this share of its distance, this slowly. */
const PUSH_IN = 0.05;
const PUSH_IN_MS = 3500;

/** What a camera that follows the speakers needs to know of the meeting. */
export interface FollowedMeeting {
  /** Everybody who can be in the picture. */
  readonly people: readonly FramedPerson[];
  isSpeaking(personId: string): boolean;
  /** The shot of everybody. */
  everybody(): Shot;
}

const euler = new Euler(0, 0, 0, 'YXZ');
const ahead = new Vector3();

/** Shows the speaker as a good documentary does: glides over short distances, else cuts and slowly moves closer. */
export class SpeakerRig implements CameraRig {
  private readonly choice = new SpeakerChoice();
  private readonly shot = createShot();
  private readonly goal = createShot();
  private readonly pose: GlidePose = { x: 0, y: 0, z: 0, yaw: 0, pitch: 0 };
  private readonly from = createShot();
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
    readCamera(camera, this.shot);
    copyShot(this.shot, this.goal);
    this.glide = null;
    this.handMs = Number.NEGATIVE_INFINITY;
    this.isStale = true;
  }

  /** Takes note that people came, left or moved. */
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
    this.show(this.bestShot(aspect), isStill);
  }

  private readonly isSpeaking = (id: string): boolean => this.meeting.isSpeaking(id);

  private bestShot(aspect: number): Shot {
    const { people } = this.meeting;
    const subject = people.find(({ id }) => id === this.choice.subject);
    return subject ? frameSpeaker(people, subject, aspect, this.bounds) : this.meeting.everybody();
  }

  private show(shot: Shot, isStill: boolean): void {
    const heads = this.meeting.people.map(({ x, eyeY, z }) => ({ x, y: eyeY, z }));
    copyShot(this.shot, this.from);
    copyShot(shot, this.goal);
    this.glideMs = 0;
    this.glide = isStill ? null : planGlide(this.from, shot, heads, this.bounds.maxY);
    if (this.glide) return;
    copyShot(shot, this.shot);
    if (isStill) return;
    this.shot.distance *= 1 + PUSH_IN;
    limitShot(this.shot, this.bounds);
  }

  private advance(deltaMs: number): void {
    const glide = this.glide!;
    this.glideMs += deltaMs;
    glideAt(glide, this.glideMs / glide.durationMs, this.pose);
    if (this.glideMs < glide.durationMs) return;
    copyShot(glide.to, this.shot);
    this.glide = null;
  }

  /** Stops a glide halfway: the hand leads from there. */
  private stopGlide(): void {
    poseToShot(this.pose, this.goal.distance, this.shot);
    copyShot(this.shot, this.goal);
    this.glide = null;
  }

  private ease(deltaMs: number, isStill: boolean): void {
    limitShot(this.goal, this.bounds);
    easeShot(this.shot, this.goal, isStill ? 1 : easeShare(deltaMs, this.isInHand ? HAND_EASE_MS : PUSH_IN_MS));
    limitShot(this.shot, this.bounds);
    shotToPose(this.shot, this.pose);
  }
}

/** The shot of a camera, as if it looked at something `distance` metres away. */
function poseToShot({ x, y, z, yaw, pitch }: GlidePose, distance: number, out: Shot): void {
  const flat = Math.cos(pitch) * distance;
  out.azimuth = yaw;
  out.elevation = -pitch;
  out.distance = distance;
  out.target.x = x - Math.sin(yaw) * flat;
  out.target.y = y + Math.sin(pitch) * distance;
  out.target.z = z - Math.cos(yaw) * flat;
}

function shotToPose(shot: Shot, out: GlidePose): void {
  const flat = Math.cos(shot.elevation) * shot.distance;
  out.x = shot.target.x + Math.sin(shot.azimuth) * flat;
  out.y = shot.target.y + Math.sin(shot.elevation) * shot.distance;
  out.z = shot.target.z + Math.cos(shot.azimuth) * flat;
  out.yaw = shot.azimuth;
  out.pitch = -shot.elevation;
}

const READ_DISTANCE = 2.5;
const read: GlidePose = { x: 0, y: 0, z: 0, yaw: 0, pitch: 0 };

function readCamera(camera: PerspectiveCamera, out: Shot): void {
  euler.setFromQuaternion(camera.quaternion, 'YXZ');
  camera.getWorldDirection(ahead);
  Object.assign(read, {
    x: camera.position.x,
    y: camera.position.y,
    z: camera.position.z,
    yaw: euler.y,
    pitch: euler.x,
  });
  poseToShot(read, READ_DISTANCE, out);
}
