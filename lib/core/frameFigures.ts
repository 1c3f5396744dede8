/** What rendered frames cost, measured over the last whole second. */
export interface FrameFigures {
  fps: number;
  /** Main-thread milliseconds a frame. */
  cpuMs: number;
  draws: number;
  triangles: number;
}
