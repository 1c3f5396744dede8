import { createRequire } from 'node:module';
import { Quaternion, Vector3 } from 'three';
import { FrameRing } from '@/lib/playout/frameRing';
import { Playout } from '@/lib/playout/playout';
import { SenderClock } from '@/lib/playout/playoutClock';
import { PoseCurve } from '@/lib/playout/poseCurve';
import { blendPoses } from '@/lib/pose/blendPoses';
import { BODY_BONE_COUNT } from '@/lib/pose/bones';
import { copyPose, createPose, type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';

/** A strategy for playing received poses. All times in ms; sender and receiver share one clock here. */
export interface Player {
  /** Takes a frame as it arrives; keeps no reference to `pose`. */
  push(pose: Pose, senderMs: number, arrivalMs: number): void;
  /** Writes the pose to draw at `nowMs` into `out`; false if there is none yet. */
  render(nowMs: number, out: Pose): boolean;
  /** The sender's time that was drawn last; null for players that know none. */
  readonly playedMs: number | null;
}

/** A player by name, and how to create one for a sender of `fps`. */
export interface PlayerKind {
  readonly name: string;
  create(fps: number): Player;
}

/** The part that is used of npm's `buffered-interpolation` 0.2.5, of networked-aframe and Hubs, which has no types. */
interface InterpolationBuffer {
  setQuaternion(quaternion: Quaternion): void;
  update(deltaMs: number): void;
  getQuaternion(): Quaternion;
}

type InterpolationBufferClass = new (mode: number, bufferSeconds: number) => InterpolationBuffer;

const MODE_LERP = 0;
const FRAME_MS = 1000 / 60;

/** The package needs a global `THREE` with the static slerp that three.js has since removed. */
class OldQuaternion extends Quaternion {
  static slerp(from: Quaternion, to: Quaternion, out: Quaternion, amount: number): Quaternion {
    return out.slerpQuaternions(from, to, amount);
  }
}

function loadClass(): InterpolationBufferClass {
  Object.assign(globalThis, { THREE: { Vector3, Quaternion: OldQuaternion } });
  const require = createRequire(import.meta.url);
  return require('buffered-interpolation') as InterpolationBufferClass;
}

/** One buffer per bone, fed and read as networked-aframe does. */
class BufferedInterpolation implements Player {
  readonly playedMs = null;
  private readonly buffers: readonly InterpolationBuffer[];
  private readonly rotation = new Quaternion();
  private renderedMs = Number.NaN;
  private hasAny = false;

  constructor(bufferMs: number) {
    const Buffer = loadClass();
    this.buffers = Array.from({ length: BODY_BONE_COUNT }, () => new Buffer(MODE_LERP, bufferMs / 1000));
  }

  push(pose: Pose): void {
    this.hasAny = true;
    for (const [bone, buffer] of this.buffers.entries()) {
      buffer.setQuaternion(this.rotation.fromArray(pose.values, ROTATIONS_OFFSET + bone * 4));
    }
  }

  render(nowMs: number, out: Pose): boolean {
    const elapsedMs = Number.isNaN(this.renderedMs) ? FRAME_MS : nowMs - this.renderedMs;
    this.renderedMs = nowMs;
    for (const [bone, buffer] of this.buffers.entries()) {
      buffer.update(elapsedMs);
      buffer.getQuaternion().toArray(out.values, ROTATIONS_OFFSET + bone * 4);
    }
    return this.hasAny;
  }
}

const FRAMES = 64;
/** Share of the delay for jitter, besides the time of one frame. */
const MARGIN_MS = 67;

/** Cubic interpolation on the sender's time with a fixed delay; holds the newest pose if nothing came. */
class FixedHermite implements Player {
  playedMs: number | null = Number.NaN;
  private readonly ring = new FrameRing(FRAMES);
  private readonly clock = new SenderClock();
  private readonly path = new PoseCurve(this.ring);
  private readonly delayMs: number;

  constructor(fps: number) {
    this.delayMs = 1000 / fps + MARGIN_MS;
  }

  push(pose: Pose, senderMs: number, arrivalMs: number): void {
    this.clock.note(senderMs, arrivalMs);
    this.ring.insert(pose, senderMs);
  }

  render(nowMs: number, out: Pose): boolean {
    if (this.ring.count === 0) return false;
    const wantedMs = nowMs - this.clock.offsetMs - this.delayMs;
    this.playedMs = Math.max(wantedMs, this.playedMs || Number.NEGATIVE_INFINITY);
    this.path.read(Math.min(this.playedMs, this.ring.newestMs), out);
    return true;
  }
}

/** Draws the newest pose. */
class HoldLast implements Player {
  readonly playedMs = null;
  private readonly newest = createPose();
  private hasAny = false;

  push(pose: Pose): void {
    copyPose(pose, this.newest);
    this.hasAny = true;
  }

  render(_nowMs: number, out: Pose): boolean {
    if (this.hasAny) copyPose(this.newest, out);
    return this.hasAny;
  }
}

/** Moves from the drawn pose to the newest one in the time of one frame, as most game examples do. */
class LerpToLatest implements Player {
  readonly playedMs = null;
  private readonly from = createPose();
  private readonly to = createPose();
  private readonly drawn = createPose();
  private startMs = Number.NaN;

  constructor(private readonly fps: number) {}

  push(pose: Pose, _senderMs: number, arrivalMs: number): void {
    copyPose(Number.isNaN(this.startMs) ? pose : this.drawn, this.from);
    copyPose(pose, this.to);
    this.startMs = arrivalMs;
  }

  render(nowMs: number, out: Pose): boolean {
    if (Number.isNaN(this.startMs)) return false;
    blendPoses(this.from, this.to, Math.min(1, ((nowMs - this.startMs) * this.fps) / 1000), out);
    copyPose(out, this.drawn);
    return true;
  }
}

/** Parley's playout. */
class ParleyPlayer implements Player {
  playedMs: number | null = Number.NaN;
  private readonly playout = new Playout();

  push(pose: Pose, senderMs: number, arrivalMs: number): void {
    this.playout.push(pose, senderMs, arrivalMs);
  }

  render(nowMs: number, out: Pose): boolean {
    const state = this.playout.sample(nowMs, out);
    this.playedMs = this.playout.playedMs;
    return state !== 'none';
  }
}

/** Parley's own player. */
export const OUR_PLAYER: PlayerKind = { name: 'Parley', create: () => new ParleyPlayer() };

/** The players that ours is compared with. */
export const PEER_PLAYERS: readonly PlayerKind[] = [
  { name: 'hold last', create: () => new HoldLast() },
  { name: 'lerp to latest', create: (fps) => new LerpToLatest(fps) },
  { name: 'buffered-interpolation 100 ms', create: () => new BufferedInterpolation(100) },
  { name: 'buffered-interpolation 150 ms', create: () => new BufferedInterpolation(150) },
  { name: 'fixed Hermite', create: (fps) => new FixedHermite(fps) },
];
