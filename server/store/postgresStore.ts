import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate } from 'drizzle-orm/node-postgres/migrator';
import { Pool } from 'pg';
import { DatabaseGate } from '@/server/store/databaseGate';
import type { MeetingStore } from '@/server/store/meetingStore';
import { MIGRATIONS_FOLDER, SqlMeetingStore } from '@/server/store/sqlMeetingStore';
import type { Sql } from '@/server/store/sqlStays';
import type { StoreError } from '@/server/store/storeError';

/** Callers learn within a second that the server is away. */
const SILENCE_MS = 900;

const ANSWER_MS = 5000;

/** How the database on a server is opened. */
interface PostgresStoreOptions {
  /** Called for connections lost while idle; the pool opens new ones. */
  readonly onError?: (error: Error) => void;
  /** See DatabaseGateOptions. */
  readonly onTrouble?: (trouble: StoreError) => void;
  /** See DatabaseGateOptions. */
  readonly silenceMs?: number | null;
  /** A connection without an answer for this long is given up, and a caller that has waited as long for one is refused. */
  readonly answerMs?: number;
}

/** Starting up may take longer: the migration of a large table does, and so does a database that has just started too. */
const MIGRATION_ANSWER_MS = 600_000;
const FIRST_CONNECTION_MS = 30_000;

/** The advisory lock under which one process at a time migrates; any number that nothing else uses. */
const MIGRATION_LOCK = 7_036_914;

async function migrateLocked(url: string): Promise<void> {
  const pool = new Pool({
    connectionString: url,
    max: 1,
    connectionTimeoutMillis: FIRST_CONNECTION_MS,
    query_timeout: MIGRATION_ANSWER_MS,
  });
  pool.on('error', () => {});
  try {
    const db = drizzle(pool);
    await db.execute(`select pg_advisory_lock(${MIGRATION_LOCK})`);
    await migrate(db, { migrationsFolder: MIGRATIONS_FOLDER });
  } finally {
    // Ends the session, and the lock with it.
    await pool.end();
  }
}

/**
 * One transaction on a connection of its own. A connection on which something failed isn't used again: a statement on it
 * may still be unanswered, and the server rolls back what it began. (Drizzle's own `transaction` keeps such a connection,
 * and loses one for good when the first statement fails.)
 */
async function transact<Result>(pool: Pool, work: (tx: Sql) => Promise<Result>): Promise<Result> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    const result = await work(drizzle(client));
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    client.release(true);
    throw error;
  }
}

/**
 * Opens a database on a PostgreSQL server, migrated to the current schema.
 * @throws StoreError `unavailable` if the server can't be reached.
 */
export async function openPostgresStore(
  url: string,
  { onError = () => {}, onTrouble = () => {}, silenceMs = SILENCE_MS, answerMs = ANSWER_MS }: PostgresStoreOptions = {},
): Promise<MeetingStore> {
  await new DatabaseGate({ silenceMs: null }).run(() => migrateLocked(url));
  const pool = new Pool({
    connectionString: url,
    max: 10,
    connectionTimeoutMillis: answerMs,
    query_timeout: answerMs,
    keepAlive: true,
    application_name: 'parley',
  });
  pool.on('error', onError);
  return new SqlMeetingStore({
    db: drizzle(pool),
    silenceMs,
    onTrouble,
    close: () => pool.end(),
    transact: (work) => transact(pool, work),
  });
}
