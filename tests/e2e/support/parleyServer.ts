import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROOT = new URL('../../..', import.meta.url).pathname;
const START_MAX_MS = 120_000;

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

/**
 * Starts the built server on a free port. Rejects with what it printed if it ends instead.
 * @param descriptorsMax How many files and sockets it may open; null for as many as the system lets it
 */
export function startParley(
  env: Record<string, string> = {},
  descriptorsMax: number | null = null,
): Promise<ParleyServer> {
  const dataDir = mkdtempSync(join(tmpdir(), 'parley-e2e-'));
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
    rmSync(dataDir, { recursive: true, force: true });
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
