import { type CapsState, capsAt, type DetailCaps, FIRST_CAPS, nextCaps, type Pace } from './detailCaps';

const LOOK_EVERY_MS = 1000;
/** A longer gap is a hidden tab, or a scene that is being built: it says nothing about speed. */
const GAP_MAX_MS = 500;

/** Measures frames and settles the caps by them. Allocates only where they change. */
export class CapsWatch {
  private state: CapsState = FIRST_CAPS;
  private capsNow: DetailCaps = capsAt(FIRST_CAPS.share);
  private frames = 0;
  private sumMs = 0;
  private cpuSumMs = 0;
  private lastMs = Number.NaN;

  constructor(private readonly pace: Pace) {}

  get caps(): DetailCaps {
    return this.capsNow;
  }

  /** Notes a frame that began at `nowMs` and kept the main thread busy for `cpuMs`. */
  note(nowMs: number, cpuMs: number): void {
    const gapMs = nowMs - this.lastMs;
    this.lastMs = nowMs;
    if (Number.isNaN(gapMs) || gapMs > GAP_MAX_MS) {
      this.restart();
      return;
    }
    this.frames += 1;
    this.sumMs += gapMs;
    this.cpuSumMs += cpuMs;
    if (this.sumMs >= LOOK_EVERY_MS) this.look();
  }

  private look(): void {
    const { frames, sumMs, cpuSumMs, state } = this;
    this.state = nextCaps(state, sumMs / frames, cpuSumMs / frames, sumMs, this.pace);
    if (this.state.share !== state.share) this.capsNow = capsAt(this.state.share);
    this.restart();
  }

  private restart(): void {
    this.frames = 0;
    this.sumMs = 0;
    this.cpuSumMs = 0;
  }
}
