import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '@/tools/run/debian.mjs';

const SAMPLE = 'deploy/Caddyfile';
const START_MAX_MS = 10_000;
const LOOK_MS = 50;

/** Whether this machine has Caddy. */
export const hasCaddy = spawnSync('caddy', ['version'], { stdio: 'ignore' }).status === 0;

/** Starts Caddy as `deploy/Caddyfile` has it, in front of the site at `originUrl`, on a free port and without TLS. */
export async function startCaddy(originUrl: string): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-caddy-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  const path = join(folder, 'Caddyfile');
  const sample = readFileSync(SAMPLE, 'utf8').replace('parley:3000', new URL(originUrl).host);
  writeFileSync(path, `{\n\tadmin off\n}\n${sample}`);
  const child = spawn('caddy', ['run', '--config', path, '--adapter', 'caddyfile'], {
    env: { ...process.env, HOME: folder, XDG_CONFIG_HOME: folder, XDG_DATA_HOME: folder, PARLEY_HOST: url },
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const endMs = performance.now() + START_MAX_MS;
  const isUp = () => fetch(url).then(Boolean, () => false);
  while (!(await isUp())) {
    if (child.exitCode === null && performance.now() < endMs) {
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
      continue;
    }
    await stop();
    throw new Error('Caddy did not start.');
  }
  return { url, stop };
}
