import type { NumberArray } from '@/lib/pose/quat';
import { JitterMeter } from './jitterMeter';
import { lowPassShare, type OneEuroSettings } from './oneEuro';

/** How a point filter smooths: a One Euro filter whose settings hold for points that jitter as a camera's do. */
export interface PointFilterSettings extends OneEuroSettings {
  /** Jitter (standard deviation of a point) from which on the settings hold; calmer points are followed closer. */
  readonly jitter: number;
}

/** Points without any jitter are followed so many times closer. */
const CLOSER_MAX = 16;
/** A speed that jitter alone makes, so many standard deviations of it, is none. */
const SPEED_DEVIATIONS = 4;

/**
 * A One Euro filter over points of three numbers that measures how much each jitters (see {@link JitterMeter}): cutoff and
 * beta grow with the square of how much calmer it is, and only speed beyond what jitter makes counts. So points at rest
 * stay at rest however poor the light, and exact ones are hardly delayed. Allocates nothing.
 */
export class PointFilter {
  /** The filtered points, x y z each. */
  readonly values: Float64Array;
  private readonly speeds: Float64Array;
  private readonly jitter: JitterMeter;
  private isEmpty = true;

  constructor(
    private readonly points: number,
    private readonly settings: PointFilterSettings,
  ) {
    this.values = new Float64Array(points * 3);
    this.speeds = new Float64Array(points * 3);
    this.jitter = new JitterMeter(points, 3);
  }

  /** Whether it has taken no value since it was made or forgot. */
  get isFresh(): boolean {
    return this.isEmpty;
  }

  /** Begins anew with the next values. */
  forget(): void {
    if (this.isEmpty) return;
    this.isEmpty = true;
    this.jitter.forget();
  }

  /** Takes finite numbers, read `elapsedMs` after those before. */
  advance(raw: NumberArray, elapsedMs: number): void {
    if (this.isEmpty) {
      this.values.set(raw);
      this.speeds.fill(0);
      this.isEmpty = false;
    } else if (elapsedMs > 0) {
      this.jitter.advance(raw, elapsedMs / 1000);
      for (let point = 0; point < this.points; point += 1) this.advancePoint(raw, point, elapsedMs / 1000);
    }
  }

  private advancePoint(raw: NumberArray, point: number, seconds: number): void {
    const { values, settings } = this;
    const jitter = this.jitter.deviations[point]!;
    const calm = settings.jitter / Math.max(jitter, settings.jitter / CLOSER_MAX);
    const closer = Math.max(1, Math.min(CLOSER_MAX, calm * calm));
    const speed = this.advanceSpeed(raw, point * 3, jitter, seconds);
    const share = lowPassShare(closer * (settings.minCutoffHz + settings.beta * speed), seconds);
    for (let at = point * 3; at < point * 3 + 3; at += 1) values[at] = values[at]! + share * (raw[at]! - values[at]!);
  }

  /** The point's speed beyond what its jitter makes, a second. */
  private advanceSpeed(raw: NumberArray, start: number, jitter: number, seconds: number): number {
    const { values, speeds, settings } = this;
    const share = lowPassShare(settings.speedCutoffHz, seconds);
    let squared = 0;
    for (let at = start; at < start + 3; at += 1) {
      speeds[at] = speeds[at]! + share * ((raw[at]! - values[at]!) / seconds - speeds[at]!);
      squared += speeds[at]! * speeds[at]!;
    }
    // What white noise leaves behind a low pass that takes over this share.
    const deviation = (SPEED_DEVIATIONS * jitter) / seconds;
    return Math.sqrt(Math.max(0, squared - (deviation * deviation * share) / (2 - share)));
  }
}
