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
