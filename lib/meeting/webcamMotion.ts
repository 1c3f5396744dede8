import type { LandmarkFrame } from '@/lib/core/landmarks';
import type { MotionSource } from '@/lib/motion/motionSource';
import type { Pose } from '@/lib/pose/pose';
import { type Calibration, Calibrator } from '@/lib/solve/face/calibration';
import { createSolverState, solve, type Tracking } from '@/lib/solve/solve';

/**
 * What a camera sees as motion: landmarks in, poses out. What is not in sight comes from whatever moves the body otherwise,
 * eased in and out by the solver, so the avatar breathes and blinks also where there is no camera.
 */
export class WebcamMotion {
  private readonly state = createSolverState();
  private frame: LandmarkFrame | null = null;
  private calibrator: Calibrator | null = null;
  private lastMs = Number.NaN;

  /** What is followed now. */
  get tracking(): Tracking {
    return this.state.tracking;
  }

  /** How the person looks at rest. */
  set calibration(calibration: Calibration) {
    this.state.calibration = calibration;
  }

  /** Takes what the camera sees; null where there is none any more. */
  take(frame: LandmarkFrame | null): void {
    this.frame = frame;
    if (frame) this.calibrator?.add(frame);
  }

  /** Begins to gather how the person looks at rest. */
  beginCalibration(): void {
    this.calibrator = new Calibrator();
  }

  /** Follows the person by what was gathered since `beginCalibration`; null where that is too little. */
  endCalibration(): Calibration | null {
    const calibration = this.calibrator?.finish() ?? null;
    this.calibrator = null;
    if (calibration) this.state.calibration = calibration;
    return calibration;
  }

  /**
   * Writes the pose at `timeMs` into `out` and returns it; `rest` moves what is not in sight. Any number of callers may ask,
   * each as often as it likes. Allocates nothing.
   */
  sampleOver(rest: MotionSource, timeMs: number, out: Pose): Pose {
    const { state } = this;
    rest.sample(timeMs, state.idle);
    // Not a number at first: the solver takes that for no time at all.
    const stepMs = timeMs - this.lastMs;
    this.lastMs = timeMs;
    return solve(this.frame, state, stepMs, out);
  }
}
