import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { lockFolder } from '@/server/store/folderLock';
import type { MeetingStore } from '@/server/store/meetingStore';
import { MIGRATIONS_FOLDER } from '@/server/store/migrationsFolder';
import { SqlMeetingStore } from '@/server/store/sqlMeetingStore';

async function migrated(client: PGlite, unlock: () => Promise<void>): Promise<MeetingStore> {
  const close = async () => {
    await client.close();
    await unlock();
  };
  try {
    const db = drizzle(client);
    await migrate(db, { migrationsFolder: MIGRATIONS_FOLDER });
    return new SqlMeetingStore({ db, close, silenceMs: null, transact: (work) => db.transaction(work) });
  } catch (error) {
    await close();
    throw error;
  }
}

/** A store in memory that is gone with the process: for tests. */
export async function openMemoryStore(): Promise<MeetingStore> {
  return migrated(await PGlite.create(), async () => {});
}

/**
 * The embedded database in `<dataDir>/meetings`, made where it isn't there yet.
 * @throws StoreError `inUse` where another process has it open.
 */
export async function openPgliteStore(dataDir: string): Promise<MeetingStore> {
  const folder = join(dataDir, 'meetings');
  await mkdir(dataDir, { recursive: true });
  const unlock = await lockFolder(dataDir);
  const client = await PGlite.create(folder).catch(async (error) => {
    await unlock();
    throw error;
  });
  return migrated(client, unlock);
}
