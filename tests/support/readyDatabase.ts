import { createHash, randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { MIGRATIONS_FOLDER } from '@/server/store/sqlMeetingStore';

const ROOT = new URL('../..', import.meta.url).pathname;

/** Where the database of this engine and these migrations is kept between runs. */
function place(): string {
  const migrations = readdirSync(MIGRATIONS_FOLDER).filter((name) => name.endsWith('.sql'));
  const inputs = [join(ROOT, 'package-lock.json'), ...migrations.map((name) => join(MIGRATIONS_FOLDER, name))];
  const hash = createHash('sha256');
  for (const path of inputs) hash.update(readFileSync(path)).update('\0');
  return join(ROOT, '.build', 'ready-databases', hash.digest('hex').slice(0, 16));
}

async function make(folder: string): Promise<void> {
  const { openPgliteStore } = await import('@/server/store/pgliteStore');
  const making = `${folder}-${randomUUID()}`;
  mkdirSync(making, { recursive: true });
  await (await openPgliteStore(making)).close();
  try {
    renameSync(making, folder);
  } catch (error) {
    // Another process was faster.
    rmSync(making, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
}

/**
 * Puts an empty embedded database, set up as a first start does, into the data folder `dataDir`: setting up takes seconds of
 * a core, a copy a tenth of that.
 */
export async function copyReadyDatabase(dataDir: string): Promise<void> {
  const folder = place();
  if (!existsSync(folder)) await make(folder);
  cpSync(join(folder, 'meetings'), join(dataDir, 'meetings'), { recursive: true });
}
