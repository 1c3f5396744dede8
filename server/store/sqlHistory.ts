import { and, asc, eq, gte, lt, or, sql } from 'drizzle-orm';
import {
  eachFigure,
  HISTORY_FIGURES,
  HISTORY_SPANS,
  type HistoryFigures,
  type HistorySpan,
} from '@/lib/core/site/siteHistory';
import type { DatabaseGate } from '@/server/store/databaseGate';
import { firstStep, type HistoryPoint, type HistoryStore, stepOf } from '@/server/store/historyStore';
import { history } from '@/server/store/schema';
import type { Sql } from '@/server/store/sqlStays';

const SPANS = Object.values(HISTORY_SPANS);

/** What a point becomes when figures are added to it. `greatest` and `least` leave nulls out. */
const JOINED = eachFigure((name) => {
  const column = history[name];
  const added = sql`excluded.${sql.identifier(column.name)}`;
  switch (HISTORY_FIGURES[name]) {
    case 'most':
      return sql`greatest(${column}, ${added})`;
    case 'least':
      return sql`least(${column}, ${added})`;
    case 'sum':
      return sql`coalesce(${column} + ${added}, ${column}, ${added})`;
  }
});

/** The history in SQL, the same for PGlite and PostgreSQL. */
export class SqlHistoryStore implements HistoryStore {
  constructor(
    private readonly db: Sql,
    private readonly gate: DatabaseGate,
  ) {}

  async add(atMs: number, figures: HistoryFigures): Promise<void> {
    const rows = SPANS.map(({ stepS }) => ({ ...figures, stepS, at: new Date(stepOf(atMs, stepS)) }));
    await this.gate.run(() =>
      this.db
        .insert(history)
        .values(rows)
        .onConflictDoUpdate({ target: [history.stepS, history.at], set: JOINED }),
    );
  }

  read(span: HistorySpan, nowMs: number): Promise<readonly HistoryPoint[]> {
    const { stepS } = HISTORY_SPANS[span];
    const from = new Date(firstStep(HISTORY_SPANS[span], nowMs));
    return this.gate.run(async () => {
      const rows = await this.db
        .select()
        .from(history)
        .where(and(eq(history.stepS, stepS), gte(history.at, from)))
        .orderBy(asc(history.at));
      return rows.map(({ stepS: _, at, ...figures }) => ({ atMs: at.getTime(), figures }));
    });
  }

  async forget(nowMs: number): Promise<void> {
    const isOld = SPANS.map((span) =>
      and(eq(history.stepS, span.stepS), lt(history.at, new Date(firstStep(span, nowMs)))),
    );
    await this.gate.run(() => this.db.delete(history).where(or(...isOld)));
  }
}
