/** How many people may be drawn how well; the largest in the picture and those who speak come first. */
export interface DetailCaps {
  /** In every frame, with fingers and face. */
  readonly full: number;
  /** Of those, how many with hair and clothes that swing. */
  readonly swinging: number;
  /** The next: about 30 times a second. */
  readonly half: number;
  /** The next: about 12 times a second, only the body's bones. All others are coarser still. */
  readonly low: number;
  /** Triangles of everyone together. */
  readonly triangles: number;
}

/** How fast frames have to come: see `GPU_PACE` and `CPU_PACE`. */
export interface Pace {
  /** Frames farther apart than this are too slow, milliseconds. */
  readonly slowFrameMs: number;
  /** Frames closer than this leave room for more. */
  readonly fastFrameMs: number;
}

/** The caps as designed, for a machine that is neither fast nor slow. */
const DESIGNED: DetailCaps = { full: 8, swinging: 8, half: 24, low: 64, triangles: 550_000 };
/** Everyone in a meeting in every frame, where the machine can do it. */
const SHARE_MAX = 3;
const SHARE_MIN = 0.5;
/** Main-thread time a frame that is too much, and that which leaves room: half and a quarter of a frame at 60 Hz. */
const BUSY_CPU_MS = 8;
const EASY_CPU_MS = 4;
const SHRINK = 0.7;
const GROW = 1.25;
/** How long frames have to be easy before the caps are raised; doubles after a raise that was too much. */
const PATIENCE_FIRST_MS = 4000;
const PATIENCE_MAX_MS = 64_000;

/** State of the policy. */
export interface CapsState {
  /** Share of the designed caps. */
  readonly share: number;
  readonly easyForMs: number;
  readonly patienceMs: number;
  readonly hasGrown: boolean;
}

/** Starts with everything allowed, so that a meeting is not seen to sharpen. */
export const FIRST_CAPS: CapsState = {
  share: SHARE_MAX,
  easyForMs: 0,
  patienceMs: PATIENCE_FIRST_MS,
  hasGrown: false,
};

/** The caps at a share of the designed ones. Above 1 only the number of people at full rate grows. */
export function capsAt(share: number): DetailCaps {
  const atMost = Math.min(1, share);
  return {
    full: Math.round(DESIGNED.full * share),
    swinging: Math.round(DESIGNED.swinging * atMost),
    half: Math.round(DESIGNED.half * atMost),
    low: Math.round(DESIGNED.low * atMost),
    triangles: DESIGNED.triangles * atMost,
  };
}

/**
 * Judges a window of `windowMs` whose frames came `frameMs` apart and took `cpuMs` of the main thread each: slow frames
 * lower the caps at once, easy ones raise them after a while. Returns the same object where nothing changes.
 */
export function nextCaps(state: CapsState, frameMs: number, cpuMs: number, windowMs: number, pace: Pace): CapsState {
  if (frameMs > pace.slowFrameMs || cpuMs > BUSY_CPU_MS) return lower(state);
  if (frameMs > pace.fastFrameMs || cpuMs > EASY_CPU_MS)
    return state.easyForMs === 0 ? state : { ...state, easyForMs: 0 };
  if (state.share === SHARE_MAX) return state;
  const easyForMs = state.easyForMs + windowMs;
  if (easyForMs < state.patienceMs) return { ...state, easyForMs };
  return { ...state, share: Math.min(SHARE_MAX, state.share * GROW), easyForMs: 0, hasGrown: true };
}

function lower(state: CapsState): CapsState {
  if (state.share === SHARE_MIN) return state;
  return {
    share: Math.max(SHARE_MIN, state.share * SHRINK),
    easyForMs: 0,
    patienceMs: state.hasGrown ? Math.min(PATIENCE_MAX_MS, state.patienceMs * 2) : state.patienceMs,
    hasGrown: false,
  };
}

const LOOK_EVERY_MS = 1000;
/** A longer gap is a hidden tab or a scene being built, and says nothing about speed. */
const GAP_MAX_MS = 500;

/** Measures frames and sets the caps accordingly. Allocates only when the caps change. */
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
