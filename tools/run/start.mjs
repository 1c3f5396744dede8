// `npm start`: installs, builds and serves; a later start repeats only what has changed.
import { build, install, loadServer, ROOT, refuse, requireFreePort, requireNode } from './steps.mjs';

requireNode();
process.chdir(ROOT);
process.env.NODE_ENV = 'production';
await requireFreePort();
await install();

const { readEnv } = await loadServer('env');
try {
  readEnv(process.env);
} catch (error) {
  refuse(error.message);
}

await build();
const { main } = await loadServer('main');
await main({ dev: false });
