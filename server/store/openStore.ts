import type { Env } from '@/server/env';
import type { MeetingStore } from '@/server/store/meetingStore';
import { openPgliteStore } from '@/server/store/pgliteStore';
import { openPostgresStore } from '@/server/store/postgresStore';

/**
 * Opens the store the settings name: PostgreSQL by `DATABASE_URL`, otherwise the embedded database in `DATA_DIR`.
 * @throws StoreError
 */
export function openStore(
  env: Pick<Env, 'databaseUrl' | 'dataDir'>,
  onError?: (error: Error) => void,
): Promise<MeetingStore> {
  return env.databaseUrl === null ? openPgliteStore(env.dataDir) : openPostgresStore(env.databaseUrl, onError);
}
