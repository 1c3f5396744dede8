/** How finely the scene is drawn now. */
export interface DrawQuality {
  /** Device pixels a CSS pixel. */
  readonly pixelRatio: number;
  readonly shadows: boolean;
}

/** What the policy remembers between two looks. */
export interface QualityState extends DrawQuality {
  /** Time spent fast enough since the last change. */
  readonly fastForMs: number;
  /** Time to be fast before the next raise; doubles where a raise turned out too much. */
  readonly patienceMs: number;
  readonly lastChange: 'none' | 'raised' | 'lowered';
}

/** Bounds and speeds of the policy. */
export interface QualityLimits {
  readonly pixelRatioMax: number;
  readonly pixelRatioMin: number;
  readonly shadowsAllowed: boolean;
  /** Frames farther apart than this are too slow, milliseconds. */
  readonly slowFrameMs: number;
  /** Frames closer than this leave room for more. */
  readonly fastFrameMs: number;
}

export const PIXEL_RATIO_MIN = 0.6;
const PIXEL_RATIO_STEP = 0.8;
/** Below 42 frames a second is slow; as fast as a 60 Hz display, with some slack, is fast. */
export const GPU_PACE = { slowFrameMs: 24, fastFrameMs: 17.6 } as const;
/** A machine that draws on the CPU is never smooth; there, a sharp picture at 9 frames a second is worth more. */
export const CPU_PACE = { slowFrameMs: 110, fastFrameMs: 45 } as const;
const PATIENCE_FIRST_MS = 4000;
const PATIENCE_MAX_MS = 64_000;

/** Where the policy begins: everything allowed. */
export function startQuality(limits: QualityLimits): QualityState {
  return {
    pixelRatio: limits.pixelRatioMax,
    shadows: limits.shadowsAllowed,
    fastForMs: 0,
    patienceMs: PATIENCE_FIRST_MS,
    lastChange: 'none',
  };
}

function lower(state: QualityState, limits: QualityLimits): QualityState {
  const patienceMs = state.lastChange === 'raised' ? Math.min(PATIENCE_MAX_MS, state.patienceMs * 2) : state.patienceMs;
  const base = { ...state, fastForMs: 0, patienceMs, lastChange: 'lowered' as const };
  if (state.pixelRatio > 1) return { ...base, pixelRatio: Math.max(1, state.pixelRatio * PIXEL_RATIO_STEP) };
  if (state.shadows) return { ...base, shadows: false };
  const pixelRatio = Math.max(limits.pixelRatioMin, state.pixelRatio * PIXEL_RATIO_STEP);
  return pixelRatio < state.pixelRatio ? { ...base, pixelRatio } : { ...state, fastForMs: 0 };
}

function raise(state: QualityState, limits: QualityLimits): QualityState {
  const base = { ...state, fastForMs: 0, lastChange: 'raised' as const };
  const ceiling = state.shadows || !limits.shadowsAllowed ? limits.pixelRatioMax : Math.min(1, limits.pixelRatioMax);
  const pixelRatio = Math.min(ceiling, state.pixelRatio / PIXEL_RATIO_STEP);
  if (pixelRatio > state.pixelRatio) return { ...base, pixelRatio };
  return limits.shadowsAllowed && !state.shadows ? { ...base, shadows: true } : { ...state, fastForMs: 0 };
}

/**
 * Looks at a stretch of `windowMs` whose frames came `frameMs` apart and says how to draw from now on: sharpness first
 * goes down to 1, then the shadows, then sharpness on; and back in reverse, slowly. The same object where nothing changes.
 */
export function nextQuality(
  state: QualityState,
  frameMs: number,
  windowMs: number,
  limits: QualityLimits,
): QualityState {
  if (frameMs > limits.slowFrameMs) return lower(state, limits);
  if (frameMs > limits.fastFrameMs) return state.fastForMs === 0 ? state : { ...state, fastForMs: 0 };
  const fastForMs = state.fastForMs + windowMs;
  return fastForMs >= state.patienceMs ? raise(state, limits) : { ...state, fastForMs };
}
