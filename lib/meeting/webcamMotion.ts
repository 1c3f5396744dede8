import type { LandmarkFrame } from '@/lib/core/landmarks';
import type { MotionSource } from '@/lib/motion/motionSource';
import type { Pose } from '@/lib/pose/pose';
import { type Calibration, Calibrator } from '@/lib/solve/face/calibration';
import { createSolverState, solve, type Tracking } from '@/lib/solve/solve';

/**
 * What the webcam sees, as motion: landmarks in, poses out. Parts that are not in sight follow another motion source, and the
 * solver eases between the two, so the avatar breathes and blinks without a webcam too.
 */
export class WebcamMotion {
  private readonly state = createSolverState();
  private frame: LandmarkFrame | null = null;
  private calibrator: Calibrator | null = null;
  private lastMs = Number.NaN;

  /** What is being tracked. */
  get tracking(): Tracking {
    return this.state.tracking;
  }

  /** How the person looks at rest. */
  set calibration(calibration: Calibration) {
    this.state.calibration = calibration;
  }

  /** Takes what the webcam sees; null once it is closed. */
  take(frame: LandmarkFrame | null): void {
    this.frame = frame;
    if (frame) this.calibrator?.add(frame);
  }

  /** Starts collecting how the person looks at rest. */
  beginCalibration(): void {
    this.calibrator = new Calibrator();
  }

  /** Applies what was collected since `beginCalibration` and returns it; null if it was too little. */
  endCalibration(): Calibration | null {
    const calibration = this.calibrator?.finish() ?? null;
    this.calibrator = null;
    if (calibration) this.state.calibration = calibration;
    return calibration;
  }

  /**
   * Writes the pose at `timeMs` into `out` and returns it; `rest` moves what is not in sight. May be called by any number of
   * callers, at any rate. Allocates nothing.
   */
  sampleOver(rest: MotionSource, timeMs: number, out: Pose): Pose {
    const { state } = this;
    rest.sample(timeMs, state.idle);
    // NaN for the first sample, which the solver takes as no time.
    const stepMs = timeMs - this.lastMs;
    this.lastMs = timeMs;
    return solve(this.frame, state, stepMs, out);
  }
}
