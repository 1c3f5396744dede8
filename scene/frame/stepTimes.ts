/** Steps of the frame list, in its order. */
export const FRAME_STEPS = [
  'sample',
  'camera',
  'detail',
  'compose',
  'apply',
  'solve',
  'swing',
  'furniture',
  'plates',
  'upload',
  'render',
  'hearing',
] as const;

export type FrameStep = (typeof FRAME_STEPS)[number];

/** Main-thread milliseconds a frame of each step. */
export type StepFigures = Readonly<Record<FrameStep, number>>;

/** Weight of the newest frame in the running mean: about the last second at 60 Hz. */
const NEWEST = 1 / 60;

/** Measures what each step of a frame takes, as long as somebody wants to know. */
export class StepTimes {
  isOn = false;
  private readonly means = new Float64Array(FRAME_STEPS.length);
  private lastMs = 0;
  private next = 0;

  /** A frame begins at `nowMs`. */
  begin(nowMs: number): void {
    this.lastMs = nowMs;
    this.next = 0;
  }

  /** The step that comes next in {@link FRAME_STEPS} has ended at `nowMs`. */
  end(nowMs: number): void {
    const tookMs = nowMs - this.lastMs;
    this.means[this.next]! += (tookMs - this.means[this.next]!) * NEWEST;
    this.lastMs = nowMs;
    this.next += 1;
  }

  read(): StepFigures {
    return Object.fromEntries(FRAME_STEPS.map((step, index) => [step, this.means[index]!])) as unknown as StepFigures;
  }
}
