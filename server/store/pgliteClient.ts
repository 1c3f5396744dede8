import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite, type QueryOptions, type Results } from '@electric-sql/pglite';
import { isDatabaseBroken, StoreError } from '@/server/store/storeError';

/** Opening replays the log, which takes a file of 16 MB more than is there; with less room it would break again. */
const REOPEN_ROOM_BYTES = 48_000_000;

/** Opening takes up to a second of this thread, so that a database that breaks again and again is left alone for longer. */
const REOPEN_AFTER_MS = { first: 1000, most: 60_000 };

/** The part of a PGlite, or of its transaction, that drizzle uses. */
type Statements = Pick<PGlite, 'query'>;

/**
 * The embedded database in a folder, one statement or transaction at a time. A database that has broken (a full disk does
 * that: it can't write its log) would never return from another call and so stop this whole thread: it is dropped, its
 * callers are refused, and it is opened afresh once there is room. What was acknowledged is still there then.
 */
export class PgliteClient {
  private turns: Promise<unknown> = Promise.resolve();
  private whyBroken: unknown = null;
  private reopenAtMs = 0;
  private pauseMs: number = REOPEN_AFTER_MS.first;

  private constructor(
    private readonly folder: string,
    private client: PGlite | null,
    private readonly nowMs: () => number,
  ) {}

  /**
   * Opens the database in `folder`, created if absent.
   * @throws StoreError `unwritable` if it can't be opened and there is too little room; otherwise as PGlite does
   */
  static async open(folder: string, nowMs: () => number = () => performance.now()): Promise<PgliteClient> {
    try {
      return new PgliteClient(folder, await PGlite.create(folder), nowMs);
    } catch (error) {
      // The engine says no more than that it could not begin.
      if (await hasRoom(folder)) throw error;
      throw new StoreError('unwritable', `The disk that holds ${folder} is full. Make room.`, { cause: error });
    }
  }

  query<Row>(text: string, values?: unknown[], options?: QueryOptions): Promise<Results<Row>> {
    return this.inTurn((client) => client.query<Row>(text, values, options));
  }

  /** As PGlite's own, which asks a database that has just broken to roll back. */
  transaction<Result>(work: (tx: Statements) => Promise<Result>): Promise<Result> {
    return this.inTurn(async (client) => {
      await client.query('begin');
      try {
        const result = await work(client);
        await client.query('commit');
        return result;
      } catch (error) {
        if (!isDatabaseBroken(error)) await client.query('rollback');
        throw error;
      }
    });
  }

  /** Waits for what is under way and closes the database. */
  async close(): Promise<void> {
    await this.turns;
    await this.client?.close();
  }

  private inTurn<Result>(use: (client: PGlite) => Promise<Result>): Promise<Result> {
    const turn = this.turns.then(async () => {
      const client = this.client ?? (await this.reopen());
      try {
        return await use(client);
      } catch (error) {
        if (isDatabaseBroken(error)) this.drop(error);
        throw error;
      }
    });
    this.turns = turn.catch(() => {});
    return turn;
  }

  private drop(why: unknown): void {
    this.client = null;
    this.whyBroken = why;
    this.reopenAtMs = this.nowMs() + this.pauseMs;
    this.pauseMs = Math.min(this.pauseMs * 2, REOPEN_AFTER_MS.most);
  }

  /** @throws StoreError `unwritable` while it is too early, or there is too little room */
  private async reopen(): Promise<PGlite> {
    if (this.nowMs() < this.reopenAtMs || !(await hasRoom(this.folder))) throw broken(this.whyBroken);
    try {
      this.client = await PGlite.create(this.folder);
    } catch (error) {
      this.drop(error);
      throw broken(error);
    }
    this.pauseMs = REOPEN_AFTER_MS.first;
    return this.client;
  }
}

function broken(cause: unknown): StoreError {
  return new StoreError('unwritable', "The meetings' database has stopped, since it could not save.", { cause });
}

async function hasRoom(folder: string): Promise<boolean> {
  const { bavail, bsize } = await statfs(join(folder, '..'));
  return bavail * bsize >= REOPEN_ROOM_BYTES;
}
