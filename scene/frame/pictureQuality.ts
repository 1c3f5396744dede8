/** How finely a person wants the room drawn; `auto` decides by the measured time of frames. */
export const PICTURE_CHOICES = ['auto', 'low', 'medium', 'high'] as const;

export type PictureChoice = (typeof PICTURE_CHOICES)[number];

/** What a machine can do. */
export interface PictureMachine {
  /** Whether the CPU draws, so that every pixel is expensive. */
  readonly isSoftware: boolean;
  readonly devicePixelRatio: number;
}

/** All settings that make a picture fine or cheap. */
export interface PictureQuality {
  /** Device pixels for each CSS pixel. */
  readonly pixelRatio: number;
  readonly shadows: boolean;
  /** See `LodView.coarseness`. */
  readonly lodCoarseness: number;
  /** The most figures in the gallery. */
  readonly audienceMost: number;
  /** The shortest time between frames, milliseconds; 0 for the display's own rate. */
  readonly frameMinMs: number;
}

const HALF_RATE_MS = 1000 / 30;
const FULL_RATE_MS = 1000 / 60;
/** More device pixels for each CSS pixel can't be told apart at arm's length. */
const RATIO_MAX = 2;
const AUDIENCE_MAX = 40;

/** Whether the GPU smooths edges: not where the CPU draws, and not at the `low` choice. */
export function wantsAntialias(choice: PictureChoice, { isSoftware }: PictureMachine): boolean {
  return !isSoftware && choice !== 'low';
}

/**
 * The ladder that `auto` goes up and down, finest first. The first rungs give up sharpness that is hardly missed, the
 * next ones shadows, then detail, then more sharpness; each rung costs clearly less than the one before it.
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

/** The settings of a choice other than `auto`. */
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

/** State of the policy of `auto`. */
export interface PictureState {
  /** Rung of the ladder, 0 the finest. */
  readonly rung: number;
  /** How long frames have been fast since the last change. */
  readonly fastForMs: number;
  /** How long frames have to be fast before the next raise; doubles after a raise that was too much. */
  readonly patienceMs: number;
  readonly lastChange: 'none' | 'raised' | 'lowered';
}

/** Limits of the policy. */
export interface PictureLimits {
  /** Number of rungs, see {@link pictureLadder}. */
  readonly rungs: number;
  /** Frames farther apart than this are too slow, milliseconds. */
  readonly slowFrameMs: number;
  /** Frames closer than this leave room for more. */
  readonly fastFrameMs: number;
}

/** Fewer than 42 frames a second are slow; the rate of a 60 Hz display, with some slack, is fast. */
export const GPU_PACE = { slowFrameMs: 24, fastFrameMs: 17.6 } as const;
/** Drawing on the CPU is never smooth, so that a sharp picture at 9 frames a second is worth more. */
export const CPU_PACE = { slowFrameMs: 110, fastFrameMs: 45 } as const;
const PATIENCE_FIRST_MS = 4000;
const PATIENCE_MAX_MS = 64_000;

/** The first state: everything allowed. */
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
 * Judges a window of `windowMs` whose frames came `frameMs` apart and decides how to draw from now on: a rung down at
 * once where they were slow, a rung up where they have been fast for long. Returns the same object where nothing
 * changes.
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
