/** How finely a person wants the room drawn; `auto` leaves it to the measured time of frames. */
export const PICTURE_CHOICES = ['auto', 'low', 'medium', 'high'] as const;

export type PictureChoice = (typeof PICTURE_CHOICES)[number];

/** What a machine can do and how it is used. */
export interface PictureMachine {
  /** The GPU is the CPU: everything per pixel is dear. */
  readonly isSoftware: boolean;
  readonly devicePixelRatio: number;
}

/** Everything that makes a picture fine or cheap. */
export interface PictureQuality {
  /** Device pixels a CSS pixel. */
  readonly pixelRatio: number;
  readonly shadows: boolean;
  /** See `LodView.coarseness`. */
  readonly lodCoarseness: number;
  /** Figures in the gallery at most. */
  readonly audienceMost: number;
  /** Frames come at least so far apart, milliseconds; 0 as fast as the display. */
  readonly frameMinMs: number;
}

const HALF_RATE_MS = 1000 / 30;
const FULL_RATE_MS = 1000 / 60;
/** More device pixels a CSS pixel than this nobody sees from arm's length. */
const RATIO_MAX = 2;
const AUDIENCE_MAX = 40;

/** Edges are smoothed by the GPU only where it has the strength, and at most where somebody asked for little. */
export function wantsAntialias(choice: PictureChoice, { isSoftware }: PictureMachine): boolean {
  return !isSoftware && choice !== 'low';
}

/**
 * The ladder that `auto` goes up and down, finest first. First goes sharpness nobody misses much, then the shadows, then
 * detail, then sharpness on; a rung costs clearly less than the one before it.
 */
export function pictureLadder({ isSoftware, devicePixelRatio }: PictureMachine): readonly PictureQuality[] {
  const most = isSoftware ? 1 : Math.min(RATIO_MAX, devicePixelRatio);
  const coarse = isSoftware ? 1.3 : 1;
  const rung = (pixelRatio: number, shadows: boolean, lod: number, audienceMost: number): PictureQuality => ({
    pixelRatio: Math.min(most, pixelRatio),
    shadows: shadows && !isSoftware,
    lodCoarseness: coarse * lod,
    audienceMost,
    frameMinMs: FULL_RATE_MS,
  });
  const rungs = [
    rung(RATIO_MAX, true, 1, AUDIENCE_MAX),
    rung(1.6, true, 1, AUDIENCE_MAX),
    rung(1.25, true, 1.1, AUDIENCE_MAX),
    rung(1, true, 1.2, 28),
    rung(1, false, 1.35, 24),
    rung(0.8, false, 1.6, 16),
    rung(0.6, false, 2, 10),
  ];
  return rungs.filter((quality, i) => i === 0 || !isSame(quality, rungs[i - 1]!));
}

function isSame(a: PictureQuality, b: PictureQuality): boolean {
  return a.pixelRatio === b.pixelRatio && a.shadows === b.shadows && a.lodCoarseness === b.lodCoarseness;
}

/** The picture of a choice that is not left to the measured frames. */
export function fixedPicture(choice: Exclude<PictureChoice, 'auto'>, machine: PictureMachine): PictureQuality {
  const [finest] = pictureLadder(machine) as [PictureQuality];
  const coarse = machine.isSoftware ? 1.3 : 1;
  if (choice === 'high') return { ...finest, frameMinMs: 0 };
  if (choice === 'medium') {
    const pixelRatio = Math.min(finest.pixelRatio, 1.25);
    return { ...finest, pixelRatio, lodCoarseness: coarse * 1.2, audienceMost: 24 };
  }
  const pixelRatio = Math.min(finest.pixelRatio, 0.75);
  return { pixelRatio, shadows: false, lodCoarseness: coarse * 1.8, audienceMost: 12, frameMinMs: HALF_RATE_MS };
}

/** What the policy remembers between two looks. */
export interface PictureState {
  /** Rung of the ladder, 0 the finest. */
  readonly rung: number;
  /** Time spent fast enough since the last change. */
  readonly fastForMs: number;
  /** Time to be fast before the next raise; doubles where a raise turned out too much. */
  readonly patienceMs: number;
  readonly lastChange: 'none' | 'raised' | 'lowered';
}

/** Bounds and speeds of the policy. */
export interface PictureLimits {
  /** Rungs of the ladder, see `pictureLadder`. */
  readonly rungs: number;
  /** Frames farther apart than this are too slow, milliseconds. */
  readonly slowFrameMs: number;
  /** Frames closer than this leave room for more. */
  readonly fastFrameMs: number;
}

/** Below 42 frames a second is slow; as fast as a 60 Hz display, with some slack, is fast. */
export const GPU_PACE = { slowFrameMs: 24, fastFrameMs: 17.6 } as const;
/** A machine that draws on the CPU is never smooth; there, a sharp picture at 9 frames a second is worth more. */
export const CPU_PACE = { slowFrameMs: 110, fastFrameMs: 45 } as const;
const PATIENCE_FIRST_MS = 4000;
const PATIENCE_MAX_MS = 64_000;

/** Where the policy begins: everything allowed. */
export function startPicture(): PictureState {
  return { rung: 0, fastForMs: 0, patienceMs: PATIENCE_FIRST_MS, lastChange: 'none' };
}

function restart(state: PictureState): PictureState {
  return state.fastForMs === 0 ? state : { ...state, fastForMs: 0 };
}

function lower(state: PictureState, { rungs }: PictureLimits): PictureState {
  if (state.rung >= rungs - 1) return restart(state);
  const patienceMs = state.lastChange === 'raised' ? Math.min(PATIENCE_MAX_MS, state.patienceMs * 2) : state.patienceMs;
  return { rung: state.rung + 1, fastForMs: 0, patienceMs, lastChange: 'lowered' };
}

function raise(state: PictureState): PictureState {
  if (state.rung === 0) return restart(state);
  return { ...state, rung: state.rung - 1, fastForMs: 0, lastChange: 'raised' };
}

/**
 * Looks at a stretch of `windowMs` whose frames came `frameMs` apart and says how to draw from now on: a rung down at
 * once where they were slow, a rung up where they have been fast for long. The same object where nothing changes.
 */
export function nextPicture(
  state: PictureState,
  frameMs: number,
  windowMs: number,
  limits: PictureLimits,
): PictureState {
  if (frameMs > limits.slowFrameMs) return lower(state, limits);
  if (frameMs > limits.fastFrameMs) return restart(state);
  const fastForMs = state.fastForMs + windowMs;
  return fastForMs >= state.patienceMs ? raise(state) : { ...state, fastForMs };
}
