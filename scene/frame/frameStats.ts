import type { FrameFigures } from '@/lib/core/frameFigures';

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
      // The first frame only opens the window, as it ends no interval.
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

/** What a step of the frame takes: main-thread milliseconds a frame. */
export interface StepFigure<Name extends string> {
  readonly name: Name;
  readonly ms: number;
}

/** Weight of the newest frame in the running mean: about the last second at 60 Hz. */
const NEWEST = 1 / 60;

/** Measures what each step of a frame takes, while {@link isOn}. */
export class StepTimes<Name extends string> {
  isOn = false;
  private readonly means: Float64Array;
  private lastMs = 0;

  /** `names` of the steps, in their order. */
  constructor(private readonly names: readonly Name[]) {
    this.means = new Float64Array(names.length);
  }

  /** A frame starts at `nowMs`. */
  begin(nowMs: number): void {
    this.lastMs = nowMs;
  }

  /** Step `index` has ended at `nowMs`. */
  end(index: number, nowMs: number): void {
    const tookMs = nowMs - this.lastMs;
    this.means[index]! += (tookMs - this.means[index]!) * NEWEST;
    this.lastMs = nowMs;
  }

  /** The figures of all steps, in their order. */
  read(): StepFigure<Name>[] {
    return this.names.map((name, index) => ({ name, ms: this.means[index]! }));
  }
}
