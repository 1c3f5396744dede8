import type { Pose } from '@/lib/pose/pose';
import type { AnimatedPath, GltfAnimation } from './glb';
import type { RotationThinner, VectorThinner } from './keyThinner';

/** Keys are left out where the line between those that stay is this near: about what the codec itself leaves. */
export const ROTATION_TOLERANCE_RAD = (0.5 * Math.PI) / 180;
export const PLACE_TOLERANCE_M = 0.002;
export const WEIGHT_TOLERANCE = 0.01;

/** Where nothing came for longer, what was last seen holds until shortly before it goes on. */
const HOLD_AFTER_S = 0.5;
const HOLD_UNTIL_S = 0.1;

/** A property of a node, and the keys it will have. */
export interface MotionChannel {
  readonly node: number;
  readonly path: AnimatedPath;
  /** The part of a pose that moves it. */
  readonly part: number;
  readonly thinner: RotationThinner | VectorThinner;
  /** Numbers of a value. */
  readonly size: number;
  /** Writes its value in a pose to the start of `out`. */
  readonly read: (values: Float32Array, out: Float64Array) => void;
}

/**
 * Makes an animation of poses, channel by channel. Parts that were not sent have no keys: a player leaves them as they are. Where
 * nothing came for a while, what was last seen holds.
 */
export class MotionChannels {
  private readonly value: Float64Array;
  private readonly lastS = new Map<MotionChannel, number>();

  /** `startMs` is the recording's time at which the animation begins. */
  constructor(
    private readonly channels: readonly MotionChannel[],
    private readonly startMs: number,
  ) {
    this.value = new Float64Array(Math.max(...channels.map(({ size }) => size)));
  }

  /** Adds a frame of the recording's time `timeMs`, which is later than the one before. Frames before the start are left out. */
  add({ values, parts }: Pose, timeMs: number): void {
    const timeS = (timeMs - this.startMs) / 1000;
    if (!(timeS >= 0)) return;
    for (const channel of this.channels) if (parts & channel.part) this.addTo(channel, values, timeS);
  }

  /** Puts all keys into `animation`. Returns whether there are any. Nothing may be added after it. */
  finish(animation: GltfAnimation): boolean {
    const moved = this.channels.filter(({ thinner }) => !thinner.isEmpty);
    for (const { node, path, thinner } of moved) {
      const { times, values } = thinner.finish();
      animation.addChannel(node, path, times, values);
    }
    return moved.length > 0;
  }

  private addTo(channel: MotionChannel, values: Float32Array, timeS: number): void {
    const pausedS = timeS - (this.lastS.get(channel) ?? timeS);
    if (pausedS > HOLD_AFTER_S) channel.thinner.hold(timeS - HOLD_UNTIL_S);
    channel.read(values, this.value);
    channel.thinner.add(timeS, this.value, 0);
    this.lastS.set(channel, timeS);
  }
}
