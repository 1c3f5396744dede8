import { startPostgres } from '@/tools/run/postgres.mjs';

/** A PostgreSQL for one drill, which can be stopped and can hang. */
export type DrillDatabase = NonNullable<Awaited<ReturnType<typeof startPostgres>>>;

/** Starts one. @throws Error where there is no PostgreSQL that may be started */
export async function startDatabase(): Promise<DrillDatabase> {
  const database = await startPostgres();
  if (!database) throw new Error('This drill starts a PostgreSQL of its own: install one, and run it as root.');
  return database;
}
