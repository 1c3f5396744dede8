/** Measured over the last whole second. */
export interface FrameFigures {
  fps: number;
  /** Main-thread milliseconds a frame. */
  cpuMs: number;
  draws: number;
  triangles: number;
}

const WINDOW_MS = 1000;

/** Counts frames and their cost. */
export class FrameStats {
  private readonly figures: FrameFigures = { fps: 0, cpuMs: 0, draws: 0, triangles: 0 };
  private windowStartMs = Number.NaN;
  private frames = 0;
  private cpuSumMs = 0;

  /** Notes a frame that ended at `nowMs` and kept the main thread busy for `cpuMs`. */
  add(nowMs: number, cpuMs: number, draws: number, triangles: number): void {
    this.figures.draws = draws;
    this.figures.triangles = triangles;
    if (Number.isNaN(this.windowStartMs)) {
      // The first frame only opens the window: it ends no interval.
      this.windowStartMs = nowMs;
      return;
    }
    this.frames += 1;
    this.cpuSumMs += cpuMs;
    if (nowMs - this.windowStartMs >= WINDOW_MS) this.closeWindow(nowMs);
  }

  /** A copy of the last figures. */
  read(): FrameFigures {
    return { ...this.figures };
  }

  private closeWindow(nowMs: number): void {
    this.figures.fps = (this.frames * 1000) / (nowMs - this.windowStartMs);
    this.figures.cpuMs = this.cpuSumMs / this.frames;
    this.windowStartMs = nowMs;
    this.frames = 0;
    this.cpuSumMs = 0;
  }
}

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
