import { fileURLToPath } from 'node:url';

/** Where `npm run db:generate` writes the schema's migrations. */
export const MIGRATIONS_FOLDER = fileURLToPath(new URL('./migrations', import.meta.url));
