// `npm run dev`: pages reload on a change; the server restarts when one of its files changes.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { install, ROOT, requireFreePort, requireNode, writeNotices } from './steps.mjs';

requireNode();
await requireFreePort();
await install();
await writeNotices();

// The hub runs in a process of its own, which the watcher doesn't look into.
const HUB = join(ROOT, 'server/hub/**/*.ts');

const watcher = spawn(
  process.execPath,
  [
    join(ROOT, 'node_modules/tsx/dist/cli.mjs'),
    'watch',
    '--clear-screen=false',
    '--include',
    HUB,
    join(ROOT, 'server/dev.ts'),
  ],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, NODE_ENV: 'development', NEXT_TELEMETRY_DISABLED: '1' } },
);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => watcher.kill(signal));
watcher.once('close', (code) => process.exit(code ?? 0));
