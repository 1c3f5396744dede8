import { and, desc, eq, inArray, lt, not, type SQL, sql, sum } from 'drizzle-orm';
import type { PgUpdateSetSource } from 'drizzle-orm/pg-core';
import type { RecordingLimit } from '@/lib/core/recording';
import type { DatabaseGate } from '@/server/store/databaseGate';
import type {
  NewRecording,
  RecordingEnd,
  RecordingRecord,
  RecordingStore,
  StartOutcome,
} from '@/server/store/recordingStore';
import { recordings } from '@/server/store/schema';
import { isRunningIn, lockMeeting, type Sql } from '@/server/store/sqlStays';

type RecordingRow = typeof recordings.$inferSelect;

const isDiscarded = eq(recordings.isDiscarded, true);
const isKept = not(isDiscarded);
const isUnfinished = and(isKept, inArray(recordings.state, ['recording', 'stopped']));

function toRecord({ startedAt, stoppedAt, isDiscarded: _, ...row }: RecordingRow): RecordingRecord {
  return { ...row, startedAtMs: startedAt.getTime(), stoppedAtMs: stoppedAt?.getTime() ?? null };
}

async function startLocked(tx: Sql, { id, meetingId, nowMs }: NewRecording): Promise<StartOutcome> {
  const meeting = await lockMeeting(tx, meetingId);
  if (!meeting) return { kind: 'notFound' };
  if (meeting.endedAt) return { kind: 'ended' };
  const [running] = await tx.select().from(recordings).where(isRunningIn(meetingId));
  if (running) return { kind: 'running', recording: toRecord(running) };
  const { title, hostTokenHash, recordingConsent: consent } = meeting;
  const row = { id, meetingId, title, hostTokenHash, consent, startedAt: new Date(nowMs) };
  const [begun] = await tx
    .insert(recordings)
    .values({ ...row, state: 'recording', durationMs: 0, sizeBytes: 0 })
    .returning();
  return { kind: 'started', recording: toRecord(begun!) };
}

/** Where the recordings are, and how a transaction runs there. */
interface RecordingDatabase {
  readonly db: Sql;
  transact<Result>(work: (tx: Sql) => Promise<Result>): Promise<Result>;
}

/** What is known of recordings, in SQL. */
export class SqlRecordingStore implements RecordingStore {
  private readonly db: Sql;

  constructor(
    private readonly database: RecordingDatabase,
    private readonly gate: DatabaseGate,
  ) {
    this.db = database.db;
  }

  start(recording: NewRecording): Promise<StartOutcome> {
    return this.gate.run(() => this.database.transact((tx) => startLocked(tx, recording)));
  }

  find(id: string): Promise<RecordingRecord | null> {
    return this.gate.run(async () => {
      const [row] = await this.db
        .select()
        .from(recordings)
        .where(and(eq(recordings.id, id), isKept));
      return row ? toRecord(row) : null;
    });
  }

  ofHost(meetingId: string, hostTokenHash: string): Promise<readonly RecordingRecord[]> {
    const isOwn = and(eq(recordings.meetingId, meetingId), eq(recordings.hostTokenHash, hostTokenHash), isKept);
    return this.gate.run(async () => {
      const rows = await this.db.select().from(recordings).where(isOwn).orderBy(desc(recordings.startedAt));
      return rows.map(toRecord);
    });
  }

  newest(most: number): Promise<readonly RecordingRecord[]> {
    return this.gate.run(async () => {
      const rows = await this.db
        .select()
        .from(recordings)
        .where(isKept)
        .orderBy(desc(recordings.startedAt))
        .limit(most);
      return rows.map(toRecord);
    });
  }

  unfinished(): Promise<readonly RecordingRecord[]> {
    return this.gate.run(async () => (await this.db.select().from(recordings).where(isUnfinished)).map(toRecord));
  }

  stop(id: string, nowMs: number, limit: RecordingLimit | null = null): Promise<RecordingRecord | null> {
    const isRunning = and(eq(recordings.id, id), eq(recordings.state, 'recording'), isKept);
    return this.change({ state: 'stopped', stoppedAt: new Date(nowMs), reachedLimit: limit }, isRunning);
  }

  finish(id: string, { nowMs, durationMs, sizeBytes, failure }: RecordingEnd): Promise<RecordingRecord | null> {
    const state = failure === null ? 'ready' : 'failed';
    // One that fails has not been stopped before.
    const stoppedAt = sql<Date>`coalesce(${recordings.stoppedAt}, ${new Date(nowMs).toISOString()}::timestamptz)`;
    return this.change({ state, stoppedAt, durationMs, sizeBytes, failure }, and(eq(recordings.id, id), isUnfinished));
  }

  totalBytes(): Promise<number> {
    return this.gate.run(async () => {
      const [row] = await this.db
        .select({ bytes: sum(recordings.sizeBytes) })
        .from(recordings)
        .where(isKept);
      return Number(row?.bytes ?? 0);
    });
  }

  discard(id: string): Promise<boolean> {
    return this.gate.run(async () => {
      const isMeant = and(eq(recordings.id, id), isKept);
      const rows = await this.db.update(recordings).set({ isDiscarded: true }).where(isMeant).returning();
      return rows.length > 0;
    });
  }

  async discardOlder(beforeMs: number): Promise<void> {
    const isOld = and(inArray(recordings.state, ['ready', 'failed']), lt(recordings.stoppedAt, new Date(beforeMs)));
    await this.gate.run(() => this.db.update(recordings).set({ isDiscarded: true }).where(isOld));
  }

  discarded(): Promise<readonly string[]> {
    return this.gate.run(async () => {
      const rows = await this.db.select({ id: recordings.id }).from(recordings).where(isDiscarded);
      return rows.map(({ id }) => id);
    });
  }

  async forget(id: string): Promise<void> {
    const isMeant = and(eq(recordings.id, id), isDiscarded);
    await this.gate.run(() => this.db.delete(recordings).where(isMeant));
  }

  private change(
    columns: PgUpdateSetSource<typeof recordings>,
    which: SQL | undefined,
  ): Promise<RecordingRecord | null> {
    return this.gate.run(async () => {
      const [row] = await this.db.update(recordings).set(columns).where(which).returning();
      return row ? toRecord(row) : null;
    });
  }
}
