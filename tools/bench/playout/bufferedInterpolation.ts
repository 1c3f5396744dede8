import { createRequire } from 'node:module';
import { Quaternion, Vector3 } from 'three';
import { BODY_BONE_COUNT } from '@/lib/pose/bones';
import { type Pose, ROTATIONS_OFFSET } from '@/lib/pose/pose';
import type { Player } from './player';

/** What is used of npm's `buffered-interpolation` 0.2.5, the one of networked-aframe and Hubs; it has no types. */
interface InterpolationBuffer {
  setQuaternion(quaternion: Quaternion): void;
  update(deltaMs: number): void;
  getQuaternion(): Quaternion;
}

type InterpolationBufferClass = new (mode: number, bufferSeconds: number) => InterpolationBuffer;

const MODE_LERP = 0;
const FRAME_MS = 1000 / 60;

/** The package wants a global `THREE` with the static slerp that three.js has given up since. */
class OldQuaternion extends Quaternion {
  static slerp(from: Quaternion, to: Quaternion, out: Quaternion, amount: number): Quaternion {
    return out.slerpQuaternions(from, to, amount);
  }
}

function loadClass(): InterpolationBufferClass {
  Object.assign(globalThis, { THREE: { Vector3, Quaternion: OldQuaternion } });
  return createRequire(import.meta.url)('buffered-interpolation') as InterpolationBufferClass;
}

/** One buffer a bone, fed and read as networked-aframe does. */
export class BufferedInterpolation implements Player {
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
