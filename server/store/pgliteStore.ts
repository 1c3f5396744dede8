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

async function openClient(folder: string): Promise<{ client: PGlite; unlock: () => Promise<void> }> {
  await mkdir(folder, { recursive: true });
  const unlock = await lockFolder(folder);
  try {
    return { client: await PGlite.create(join(folder, 'meetings')), unlock };
  } catch (error) {
    await unlock();
    throw error;
  }
}

/**
 * The embedded database in `<dataDir>/meetings`, created if absent; in memory for null, gone with the process.
 * @throws StoreError `inUse` if another process has it open.
 */
export async function openPgliteStore(dataDir: string | null): Promise<MeetingStore> {
  if (dataDir === null) return migrated(await PGlite.create(), async () => {});
  const { client, unlock } = await openClient(dataDir);
  return migrated(client, unlock);
}
