import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import type { MeetingStore } from '@/server/store/meetingStore';
import { MIGRATIONS_FOLDER, SqlMeetingStore } from '@/server/store/sqlMeetingStore';
import { StoreError } from '@/server/store/storeError';

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

async function holderOf(path: string): Promise<number | null> {
  const holder = Number.parseInt(await readFile(path, 'utf8').catch(() => ''), 10);
  return Number.isInteger(holder) && holder > 0 && holder !== process.pid && isAlive(holder) ? holder : null;
}

/**
 * Locks a folder for this process: two that write one embedded database destroy it. The lock of a process that is gone is
 * taken over. Returns the function that unlocks it.
 * @throws StoreError `inUse`, naming the process that holds the folder
 */
async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'in-use-by');
  const take = () => writeFile(path, String(process.pid), { flag: 'wx', mode: 0o600 });
  await take().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    const holder = await holderOf(path);
    if (holder !== null) throw inUse(folder, holder, path);
    await rm(path, { force: true });
    await take();
  });
  return () => rm(path, { force: true });
}

function inUse(folder: string, holder: number, path: string): StoreError {
  const advice = `end it, set another DATA_DIR, or delete ${path} if that process is something else`;
  return new StoreError('inUse', `The folder ${folder} is in use by process ${holder}: ${advice}.`);
}

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
