import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const SAMPLE = new URL('../../../deploy/nginx.conf', import.meta.url);
const START_MAX_MS = 10_000;
const LOOK_MS = 50;

/** Whether this machine has nginx. */
export const hasNginx = spawnSync('nginx', ['-v'], { stdio: 'ignore' }).status === 0;

/** A running nginx, set up as `deploy/nginx.conf` has it. */
export interface Nginx {
  readonly url: string;
  stop(): Promise<void>;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number };
      probe.close(() => resolve(port));
    });
  });
}

/** `text` with `from`, which it must have, replaced. */
function replaced(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new Error(`deploy/nginx.conf no longer has "${from}"`);
  return text.replaceAll(from, to);
}

/** The sample for another place, between what is around it in Debian's own file. */
function settings(folder: string, port: number, originUrl: string): string {
  let sample = readFileSync(SAMPLE, 'utf8');
  sample = replaced(sample, '/var/cache/nginx/parley', join(folder, 'cache'));
  sample = replaced(sample, 'server 127.0.0.1:3000;', `server ${new URL(originUrl).host};`);
  sample = replaced(sample, 'listen 80;', `listen 127.0.0.1:${port} backlog=4096;`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${join(folder, name)};`,
  );
  return `
    daemon off;
    pid ${join(folder, 'pid')};
    error_log ${join(folder, 'error.log')} warn;
    worker_processes 1;
    events { worker_connections 4096; }
    http { access_log off; keepalive_requests 100000; ${temporary.join(' ')}
    ${sample} }`;
}

async function isUp(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

async function untilUp(url: string, child: ChildProcess, folder: string): Promise<void> {
  const endMs = performance.now() + START_MAX_MS;
  while (!(await isUp(url))) {
    if (child.exitCode !== null || performance.now() > endMs) {
      throw new Error(`nginx did not start: ${readFileSync(join(folder, 'error.log'), 'utf8')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** Starts nginx in front of the site at `originUrl`, on a free port. */
export async function startNginx(originUrl: string): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-nginx-'));
  mkdirSync(join(folder, 'cache'));
  const port = await freePort();
  const path = join(folder, 'nginx.conf');
  writeFileSync(path, settings(folder, port, originUrl));
  // As root its worker would be another account, which may not enter the folder.
  const user = process.getuid?.() === 0 ? ['-g', 'user root;'] : [];
  const child = spawn('nginx', ['-c', path, '-e', join(folder, 'error.log'), ...user], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGQUIT');
    const late = setTimeout(() => child.kill('SIGTERM'), 1000);
    await ended;
    clearTimeout(late);
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilUp(url, child, folder);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}
