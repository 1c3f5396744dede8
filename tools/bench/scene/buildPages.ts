import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Next writes its build's folder into these; they are put back. */
const TOUCHED = ['tsconfig.json', 'next-env.d.ts'] as const;

function nextBuild(folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NODE_ENV: 'production' as const, NEXT_TELEMETRY_DISABLED: '1', BUILD_DIR: folder };
    const child = spawn(process.execPath, [join('node_modules', 'next', 'dist', 'bin', 'next'), 'build'], { env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`The pages could not be built:\n${output}`));
    });
  });
}

/** Builds the pages for production into `folder`, beside the build that is served, and leaves the sources as they were. */
export async function buildPages(folder: string): Promise<void> {
  const kept = TOUCHED.filter((path) => existsSync(path)).map((path) => [path, readFileSync(path)] as const);
  rmSync(folder, { recursive: true, force: true });
  try {
    await nextBuild(folder);
  } finally {
    for (const [path, bytes] of kept) writeFileSync(path, bytes);
  }
}
