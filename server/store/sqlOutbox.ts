import { and, asc, count, eq, inArray, lt, lte, min, notExists } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { DatabaseGate } from '@/server/store/databaseGate';
import type { AlertChange, DueMessage, FiringAlert, NewMessage, OutboxStore } from '@/server/store/outboxStore';
import { alerts, messages } from '@/server/store/schema';
import type { Sql } from '@/server/store/sqlStays';

/** Where the messages are, and how a transaction runs there. */
interface OutboxDatabase {
  readonly db: Sql;
  transact<Result>(work: (tx: Sql) => Promise<Result>): Promise<Result>;
}

async function changeAlerts(tx: Sql, change: AlertChange): Promise<void> {
  if (change.kind === 'ends') {
    await tx.delete(alerts).where(eq(alerts.fingerprint, change.fingerprint));
    return;
  }
  const { startsAtMs, labels, annotations, ...alert } = change.alert;
  await tx
    .insert(alerts)
    .values({ ...alert, labels: { ...labels }, annotations: { ...annotations }, startsAt: new Date(startsAtMs) })
    .onConflictDoNothing();
}

/** Rows that another process is taking are left to it. */
async function takeDue(tx: Sql, nowMs: number, againMs: number, most: number): Promise<DueMessage[]> {
  const earlier = alias(messages, 'earlier');
  const sameBefore = and(
    eq(earlier.url, messages.url),
    eq(earlier.subject, messages.subject),
    lt(earlier.createdAt, messages.createdAt),
  );
  const isDue = lte(messages.dueAt, new Date(nowMs));
  const rows = await tx
    .select()
    .from(messages)
    .where(and(isDue, notExists(tx.select({ id: earlier.id }).from(earlier).where(sameBefore))))
    .orderBy(asc(messages.dueAt))
    .limit(most)
    .for('update', { skipLocked: true });
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  await tx
    .update(messages)
    .set({ dueAt: new Date(againMs) })
    .where(inArray(messages.id, ids));
  return rows.map(({ createdAt, dueAt: _, ...row }) => ({ ...row, createdAtMs: createdAt.getTime() }));
}

/** The outbox in SQL, the same for PGlite and PostgreSQL. */
export class SqlOutboxStore implements OutboxStore {
  private readonly db: Sql;

  constructor(
    private readonly database: OutboxDatabase,
    private readonly gate: DatabaseGate,
  ) {
    this.db = database.db;
  }

  add(added: readonly NewMessage[], nowMs: number, change?: AlertChange): Promise<void> {
    const at = new Date(nowMs);
    const rows = added.map((message) => ({ ...message, createdAt: at, dueAt: at }));
    return this.gate.run(() =>
      this.database.transact(async (tx) => {
        if (rows.length > 0) await tx.insert(messages).values(rows).onConflictDoNothing();
        if (change) await changeAlerts(tx, change);
      }),
    );
  }

  firing(instance: string): Promise<readonly FiringAlert[]> {
    return this.gate.run(async () => {
      const rows = await this.db.select().from(alerts).where(eq(alerts.instance, instance));
      return rows.map(({ startsAt, ...row }) => ({ ...row, startsAtMs: startsAt.getTime() }));
    });
  }

  take(nowMs: number, againMs: number, most: number): Promise<readonly DueMessage[]> {
    return this.gate.run(() => this.database.transact((tx) => takeDue(tx, nowMs, againMs, most)));
  }

  async postpone(id: string, attempts: number, nextMs: number): Promise<void> {
    const change = { attempts, dueAt: new Date(nextMs) };
    await this.gate.run(() => this.db.update(messages).set(change).where(eq(messages.id, id)));
  }

  async remove(id: string): Promise<void> {
    await this.gate.run(() => this.db.delete(messages).where(eq(messages.id, id)));
  }

  queue(): Promise<{ readonly depth: number; readonly oldestAtMs: number | null }> {
    return this.gate.run(async () => {
      const [row] = await this.db.select({ depth: count(), oldest: min(messages.createdAt) }).from(messages);
      return { depth: row?.depth ?? 0, oldestAtMs: row?.oldest?.getTime() ?? null };
    });
  }
}
