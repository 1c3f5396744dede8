import {
  HISTORY_SPANS,
  type HistoryFigures,
  type HistorySpan,
  joinFigures,
  NO_FIGURES,
} from '@/lib/core/site/siteHistory';
import { firstStep, type HistoryPoint, type HistoryStore, stepOf } from '@/server/store/historyStore';

/** The history in plain memory: the part of `MemoryMeetingStore` that passes its contract. */
export class MemoryHistoryStore implements HistoryStore {
  private readonly kept: Record<HistorySpan, Map<number, HistoryFigures>> = {
    '1h': new Map(),
    '24h': new Map(),
    '7d': new Map(),
  };

  constructor(private readonly requireOpen: () => void) {}

  async add(atMs: number, figures: HistoryFigures): Promise<void> {
    this.requireOpen();
    for (const [span, points] of this.spans()) {
      const at = stepOf(atMs, HISTORY_SPANS[span].stepS);
      points.set(at, joinFigures(points.get(at) ?? NO_FIGURES, figures));
    }
  }

  async read(span: HistorySpan, nowMs: number): Promise<readonly HistoryPoint[]> {
    this.requireOpen();
    const fromMs = firstStep(HISTORY_SPANS[span], nowMs);
    return Array.from(this.kept[span], ([atMs, figures]) => ({ atMs, figures }))
      .filter(({ atMs }) => atMs >= fromMs)
      .sort((a, b) => a.atMs - b.atMs);
  }

  async forget(nowMs: number): Promise<void> {
    this.requireOpen();
    for (const [span, points] of this.spans()) {
      for (const atMs of points.keys()) if (atMs < firstStep(HISTORY_SPANS[span], nowMs)) points.delete(atMs);
    }
  }

  private spans() {
    return Object.entries(this.kept) as [HistorySpan, Map<number, HistoryFigures>][];
  }
}
