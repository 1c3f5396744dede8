// `npm run serve`: serves what was built and changes none of its files, as a container or a service with a read-only program
// needs it.
import { loadBuiltServer, ROOT, requireNode } from './steps.mjs';

requireNode();
process.chdir(ROOT);
process.env.NODE_ENV = 'production';
const { main } = await loadBuiltServer();
await main({ dev: false });
