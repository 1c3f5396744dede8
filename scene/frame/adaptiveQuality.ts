/** What the policy remembers between two looks. */
export interface QualityState {
  /** Rung of the ladder, 0 the finest. */
  readonly rung: number;
  /** Time spent fast enough since the last change. */
  readonly fastForMs: number;
  /** Time to be fast before the next raise; doubles where a raise turned out too much. */
  readonly patienceMs: number;
  readonly lastChange: 'none' | 'raised' | 'lowered';
}

/** Bounds and speeds of the policy. */
export interface QualityLimits {
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
export function startQuality(): QualityState {
  return { rung: 0, fastForMs: 0, patienceMs: PATIENCE_FIRST_MS, lastChange: 'none' };
}

function restart(state: QualityState): QualityState {
  return state.fastForMs === 0 ? state : { ...state, fastForMs: 0 };
}

function lower(state: QualityState, { rungs }: QualityLimits): QualityState {
  if (state.rung >= rungs - 1) return restart(state);
  const patienceMs = state.lastChange === 'raised' ? Math.min(PATIENCE_MAX_MS, state.patienceMs * 2) : state.patienceMs;
  return { rung: state.rung + 1, fastForMs: 0, patienceMs, lastChange: 'lowered' };
}

function raise(state: QualityState): QualityState {
  if (state.rung === 0) return restart(state);
  return { ...state, rung: state.rung - 1, fastForMs: 0, lastChange: 'raised' };
}

/**
 * Looks at a stretch of `windowMs` whose frames came `frameMs` apart and says how to draw from now on: a rung down at
 * once where they were slow, a rung up where they have been fast for long. The same object where nothing changes.
 */
export function nextQuality(
  state: QualityState,
  frameMs: number,
  windowMs: number,
  limits: QualityLimits,
): QualityState {
  if (frameMs > limits.slowFrameMs) return lower(state, limits);
  if (frameMs > limits.fastFrameMs) return restart(state);
  const fastForMs = state.fastForMs + windowMs;
  return fastForMs >= state.patienceMs ? raise(state) : { ...state, fastForMs };
}
