// `npm start`: installs, builds and serves; a later start repeats only what has changed.
import { join } from 'node:path';
import { build, install, ROOT, refuse, requireFreePort, requireNode } from './steps.mjs';

requireNode();
process.chdir(ROOT);
process.env.NODE_ENV = 'production';
await requireFreePort();
await install();

const { register } = await import('tsx/esm/api');
register();
const { readEnv } = await import(join(ROOT, 'server/env.ts'));
try {
  readEnv(process.env);
} catch (error) {
  refuse(error.message);
}

await build();
const { main } = await import(join(ROOT, 'server/main.ts'));
await main({ dev: false });
