import type { HistoryFigures, HistorySpan } from '@/lib/core/site/siteHistory';

/** The figures of one step of a span. */
export interface HistoryPoint {
  /** Beginning of the step, Unix ms. */
  readonly atMs: number;
  readonly figures: HistoryFigures;
}

/**
 * The site's figures over time, in steps that are the longer the longer the span is. Any number of processes add to the same
 * points. Times are milliseconds since the Unix epoch.
 * @throws StoreError from every method if the database can't be reached
 */
export interface HistoryStore {
  /** Adds figures to the point of each span in which `atMs` is. */
  add(atMs: number, figures: HistoryFigures): Promise<void>;
  /** The points of a span, the oldest first. */
  read(span: HistorySpan, nowMs: number): Promise<readonly HistoryPoint[]>;
  /** Forgets what is older than its span. */
  forget(nowMs: number): Promise<void>;
}

/** The beginning of the step in which `atMs` is. */
export function stepOf(atMs: number, stepS: number): number {
  const stepMs = stepS * 1000;
  return Math.floor(atMs / stepMs) * stepMs;
}

/** The first step of a span that ends at `nowMs`. */
export function firstStep(
  { stepS, lengthS }: { readonly stepS: number; readonly lengthS: number },
  nowMs: number,
): number {
  return stepOf(nowMs, stepS) - (lengthS - stepS) * 1000;
}
