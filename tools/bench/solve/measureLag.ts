import { BONE_INDEX } from '@/lib/pose/bones';
import { createBodyState, solveBody } from '@/lib/pose/forwardKinematics';
import type { Pose } from '@/lib/pose/pose';

/** Delays tried, frames; those below 0 would be foresight. */
const FRAMES_MIN = -2;
const FRAMES_MAX = 6;
const DELAYS = Array.from({ length: FRAMES_MAX - FRAMES_MIN + 1 }, (_, index) => FRAMES_MIN + index);
const WRISTS = [BONE_INDEX.leftHand, BONE_INDEX.rightHand];

const body = createBodyState();

/** Where the wrists are, from the hips, metres. */
function wristsOf(pose: Pose): number[] {
  const { positions } = solveBody(pose, body);
  return WRISTS.flatMap((wrist) =>
    [0, 1, 2].map((k) => positions[wrist * 3 + k]! - positions[BONE_INDEX.hips * 3 + k]!),
  );
}

/** Gathers true and solved motion, and tells by which delay the one fits the other best. */
export class LagMeter {
  private readonly sums = new Float64Array(DELAYS.length);
  private count = 0;

  /** Adds a clip: its poses and what was solved of them, a frame each. Steps are compared, so that a steady offset is none. */
  add(truth: readonly Pose[], solved: readonly Pose[]): void {
    const [real, seen] = [truth.map(wristsOf), solved.map(wristsOf)];
    for (let frame = FRAMES_MAX + 1; frame < real.length + FRAMES_MIN; frame += 1) {
      DELAYS.forEach((delay, index) => {
        this.sums[index] = this.sums[index]! + stepError(real, frame - delay, seen, frame);
      });
      this.count += 1;
    }
  }

  /** The best delay, frames: the vertex of the parabola through the least sum and its neighbours. */
  get frames(): number {
    if (this.count === 0) return 0;
    const best = this.sums.indexOf(Math.min(...this.sums));
    if (best === 0 || best === DELAYS.length - 1) return DELAYS[best]!;
    const [a, b, c] = [this.sums[best - 1]!, this.sums[best]!, this.sums[best + 1]!];
    return DELAYS[best]! + (0.5 * (a - c)) / (a - 2 * b + c);
  }
}

/** Squared difference between the step that the wrists really made and the one that was seen. */
function stepError(real: number[][], at: number, seen: number[][], seenAt: number): number {
  let sum = 0;
  for (let k = 0; k < 6; k += 1) {
    const step = seen[seenAt]![k]! - seen[seenAt - 1]![k]! - (real[at]![k]! - real[at - 1]![k]!);
    sum += step * step;
  }
  return sum;
}
