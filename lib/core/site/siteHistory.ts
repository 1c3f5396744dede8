/** How long the site keeps its figures, and how far apart: points every `stepS` seconds over `lengthS`. */
export const HISTORY_SPANS = {
  '1h': { stepS: 15, lengthS: 3_600 },
  '24h': { stepS: 300, lengthS: 86_400 },
  '7d': { stepS: 1_800, lengthS: 604_800 },
} as const;

export type HistorySpan = keyof typeof HISTORY_SPANS;

/** The figures that are kept, and what stands for them where several are joined: the worst, or all of them counted. */
export const HISTORY_FIGURES = {
  meetings: 'most',
  participants: 'most',
  spectators: 'most',
  joinsOk: 'sum',
  /** Joins that the site itself failed. */
  joinsFailed: 'sum',
  /** p95 of what people reported. */
  poseAgeMs: 'most',
  /** p95 of what people reported, 0 .. 1. */
  poseLostShare: 'most',
  /** Poses and media that the hub sent; unknown with a Jitsi deployment in its place. */
  sentBytesPerSecond: 'most',
  /** p99. */
  eventLoopLagMs: 'most',
  /** Of the process that serves pages and API. */
  memoryBytes: 'most',
  diskFreeBytes: 'least',
  messagesQueued: 'most',
  /** Under way. */
  recordings: 'most',
} as const satisfies Readonly<Record<string, 'most' | 'least' | 'sum'>>;

export type HistoryFigure = keyof typeof HISTORY_FIGURES;

/** Figures of a moment or a while; null where one is not known. */
export type HistoryFigures = Readonly<Record<HistoryFigure, number | null>>;

/** A value for each figure. */
export function eachFigure<Value>(read: (name: HistoryFigure) => Value): Readonly<Record<HistoryFigure, Value>> {
  const names = Object.keys(HISTORY_FIGURES) as HistoryFigure[];
  return Object.fromEntries(names.map((name) => [name, read(name)])) as Record<HistoryFigure, Value>;
}

export const NO_FIGURES: HistoryFigures = eachFigure(() => null);

const JOINED = {
  most: Math.max,
  least: Math.min,
  sum: (a: number, b: number) => a + b,
} as const;

/** Two whiles as one. */
export function joinFigures(a: HistoryFigures, b: HistoryFigures): HistoryFigures {
  return eachFigure((name) => {
    const [one, other] = [a[name], b[name]];
    return one === null || other === null ? (one ?? other) : JOINED[HISTORY_FIGURES[name]](one, other);
  });
}

/** A span of the history, as a plot takes it: a value for each step, null where none is known. */
export interface SiteHistory {
  readonly span: HistorySpan;
  readonly stepS: number;
  /** Of the first step, Unix s. */
  readonly fromS: number;
  readonly figures: Readonly<Record<HistoryFigure, readonly (number | null)[]>>;
}
