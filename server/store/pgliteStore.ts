import { join } from 'node:path';
import type { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { closeToOthers } from '@/server/store/dataFolder';
import { lockFolder } from '@/server/store/folderLock';
import type { MeetingStore } from '@/server/store/meetingStore';
import { PgliteClient } from '@/server/store/pgliteClient';
import { MIGRATIONS_FOLDER, SqlMeetingStore } from '@/server/store/sqlMeetingStore';
import type { StoreError } from '@/server/store/storeError';

/** How the embedded database is opened. */
export interface PgliteStoreOptions {
  /** See DatabaseGateOptions. */
  readonly onTrouble?: (trouble: StoreError) => void;
}

async function migrated(
  client: PgliteClient,
  unlock: () => void,
  { onTrouble }: PgliteStoreOptions,
): Promise<MeetingStore> {
  const close = async () => {
    try {
      await client.close();
    } finally {
      unlock();
    }
  };
  try {
    // drizzle asks its client for statements and transactions only, which are all that ours has.
    const db = drizzle(client as unknown as PGlite);
    await migrate(db, { migrationsFolder: MIGRATIONS_FOLDER });
    return new SqlMeetingStore({ db, close, silenceMs: null, onTrouble, transact: (work) => db.transaction(work) });
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * The embedded database in `<dataDir>/meetings`, created if absent, readable by its owner only. The folder `dataDir` must
 * exist.
 * @throws StoreError `inUse` if another process has it open
 */
export async function openPgliteStore(dataDir: string, options: PgliteStoreOptions = {}): Promise<MeetingStore> {
  const unlock = lockFolder(dataDir);
  try {
    const folder = join(dataDir, 'meetings');
    const client = await PgliteClient.open(folder);
    // The engine unpacks a new database readable and writable by everybody, whatever the process's own mask says.
    await closeToOthers(folder);
    return await migrated(client, unlock, options);
  } catch (error) {
    unlock();
    throw error;
  }
}
