import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { copyReadyDatabase } from '@/tests/support/readyDatabase';

const ROOT = new URL('../../..', import.meta.url).pathname;
const START_MAX_MS = 120_000;

/** What operators show to the server that files share. */
export const OPS_TOKEN = 'operators-of-the-shared-server';

/** A running `npm start` with its own database. */
export interface ParleyServer {
  readonly url: string;
  readonly process: ChildProcess;
  /** Everything printed so far. */
  output(): string;
  /** Stops it as Ctrl-C does and resolves with the exit code. */
  stop(): Promise<number | null>;
}

const START = join(ROOT, 'tools/run/start.mjs');

/** The command that starts the server, which may open at most so many files and sockets. */
function startCommand(descriptorsMax: number | null): [command: string, args: string[]] {
  if (descriptorsMax === null) return [process.execPath, [START]];
  return ['sh', ['-c', `ulimit -n ${descriptorsMax} && exec "$0" "$1"`, process.execPath, START]];
}

interface ParleyServerOptions {
  /** How many files and sockets it may open; null, the default, for as many as the system lets it. */
  readonly descriptorsMax?: number | null;
  /** Whether it finds a folder without a database, as the first start does; otherwise its empty database is there. */
  readonly isFirstStart?: boolean;
}

/** Starts the built server on a free port. Rejects with what it printed if it ends instead. */
export async function startParley(
  env: Record<string, string> = {},
  { descriptorsMax = null, isFirstStart = false }: ParleyServerOptions = {},
): Promise<ParleyServer> {
  const dataDir = env['DATA_DIR'] ?? mkdtempSync(join(tmpdir(), 'parley-e2e-'));
  const needsDatabase = !env['DATABASE_URL'] && !existsSync(join(dataDir, 'meetings'));
  if (needsDatabase && !isFirstStart) await copyReadyDatabase(dataDir);
  const [command, args] = startCommand(descriptorsMax);
  const child = spawn(command, args, {
    cwd: ROOT,
    env: { ...process.env, PORT: '0', DATA_DIR: dataDir, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  const stop = async () => {
    child.kill('SIGINT');
    const code = await ended;
    // A folder of the caller's outlives the server.
    if (!env['DATA_DIR']) rmSync(dataDir, { recursive: true, force: true });
    return code;
  };
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`The server did not start in time:\n${printed}`));
    }, START_MAX_MS);
    const read = (chunk: Buffer) => {
      printed += chunk.toString();
      const url = /Parley is at (http\S+)/.exec(printed)?.[1];
      if (!url) return;
      clearTimeout(timer);
      resolve({ url, process: child, output: () => printed, stop });
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void ended.then((code) => {
      clearTimeout(timer);
      reject(new Error(`The server ended with ${code}:\n${printed}`));
    });
  });
}
