import type { Clock } from '@/lib/core/clock';
import type { ClientReport, MeetingErrorReason } from '@/lib/core/meeting';
import {
  eachFigure,
  HISTORY_SPANS,
  type HistoryFigures,
  type HistorySpan,
  joinFigures,
  NO_FIGURES,
  type SiteHistory,
} from '@/lib/core/site/siteHistory';
import { firstStep, type HistoryStore, stepOf } from '@/server/store/historyStore';
import type { SiteSample } from './siteMetrics';

/** Figures are written once in each of the shortest steps. */
const { stepS: WRITE_S } = HISTORY_SPANS['1h'];
const P95 = 0.95;
/** Most reports that are looked at in a step. */
const REPORTS_MAX = 10_000;

type Known = Omit<HistoryFigures, 'joinsOk' | 'joinsFailed' | 'poseAgeMs' | 'poseLostShare'>;

function knownFrom(sample: SiteSample): Known {
  const { census, messagesQueued, diskFreeBytes, recordings, eventLoopLagMs, memoryBytes, sentBytesPerSecond } = sample;
  return {
    meetings: census?.meetings ?? null,
    participants: census?.participants ?? null,
    spectators: census?.spectators ?? null,
    messagesQueued,
    diskFreeBytes,
    recordings,
    eventLoopLagMs,
    memoryBytes,
    sentBytesPerSecond,
  };
}

function p95(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * P95) - 1] ?? null;
}

/** What people did and told in a step. */
class Doings {
  joinsOk = 0;
  joinsFailed = 0;
  readonly ages: number[] = [];
  readonly lost: number[] = [];
}

export interface HistoryParts {
  readonly store: HistoryStore;
  /** Milliseconds since the Unix epoch. */
  readonly wall: Clock;
}

/** The site's figures over time: gathered in memory, and written once in a step. */
export class History {
  /** The newest sample's. */
  private known: Known | null = null;
  /** The step's so far. */
  private gathered: HistoryFigures = NO_FIGURES;
  private doings = new Doings();
  private doingsBefore = new Doings();
  private stepMs: number | null = null;

  constructor(private readonly parts: HistoryParts) {}

  joined(result: 'ok' | MeetingErrorReason): void {
    if (result === 'ok') this.doings.joinsOk += 1;
    if (result === 'unavailable') this.doings.joinsFailed += 1;
  }

  reported({ poseAgeMs, poseLostShare }: ClientReport): void {
    const { ages, lost } = this.doings;
    if (poseAgeMs !== undefined && ages.length < REPORTS_MAX) ages.push(poseAgeMs);
    if (poseLostShare !== undefined && lost.length < REPORTS_MAX) lost.push(poseLostShare);
  }

  /** Takes over what has just been looked at. Never rejects: what can't be written is missing. */
  async look(sample: SiteSample): Promise<void> {
    const stepMs = stepOf(this.parts.wall.nowMs(), WRITE_S);
    const over = this.stepMs !== null && stepMs !== this.stepMs ? this.turn(this.stepMs) : null;
    this.stepMs = stepMs;
    this.known = knownFrom(sample);
    this.gathered = joinFigures(this.gathered, { ...NO_FIGURES, ...this.known });
    if (over && sample.isDatabaseUp) await this.parts.store.add(over.atMs, over.figures).catch(() => {});
  }

  /** The figures now; those of joins and poses are of the last step or two. */
  get now(): HistoryFigures {
    const { doings, doingsBefore } = this;
    return {
      ...NO_FIGURES,
      ...this.known,
      joinsOk: doings.joinsOk + doingsBefore.joinsOk,
      joinsFailed: doings.joinsFailed + doingsBefore.joinsFailed,
      poseAgeMs: p95([...doings.ages, ...doingsBefore.ages]),
      poseLostShare: p95([...doings.lost, ...doingsBefore.lost]),
    };
  }

  /** A span up to now. @throws StoreError */
  async read(span: HistorySpan): Promise<SiteHistory> {
    const { stepS, lengthS } = HISTORY_SPANS[span];
    const nowMs = this.parts.wall.nowMs();
    const fromMs = firstStep(HISTORY_SPANS[span], nowMs);
    const points = new Map((await this.parts.store.read(span, nowMs)).map(({ atMs, figures }) => [atMs, figures]));
    const steps = Array.from(
      { length: lengthS / stepS },
      (_, k) => points.get(fromMs + k * stepS * 1000) ?? NO_FIGURES,
    );
    return { span, stepS, fromS: fromMs / 1000, figures: eachFigure((name) => steps.map((step) => step[name])) };
  }

  /** Forgets what is too old. @throws StoreError */
  forget(): Promise<void> {
    return this.parts.store.forget(this.parts.wall.nowMs());
  }

  /** Ends a step, whose figures are returned. */
  private turn(atMs: number): { readonly atMs: number; readonly figures: HistoryFigures } {
    const { gathered, doings } = this;
    const { joinsOk, joinsFailed, ages, lost } = doings;
    this.doingsBefore = doings;
    this.doings = new Doings();
    this.gathered = NO_FIGURES;
    return { atMs, figures: { ...gathered, joinsOk, joinsFailed, poseAgeMs: p95(ages), poseLostShare: p95(lost) } };
  }
}
