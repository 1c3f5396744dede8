// An S3 server for the tests alone, on loopback: Versity's gateway over a folder, which checks signatures as S3 does.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { freePort, SYSTEM_FOLDERS } from './debian.mjs';

const MODULE = 'github.com/versity/versitygw/cmd/versitygw';
const VERSION = 'v1.8.0';
/** Go's own installer puts it there. */
const GO_FOLDERS = ['/usr/local/go/bin', '/usr/lib/go/bin'];
const START_MAX_MS = 20_000;
const POLL_MS = 25;

/** Building takes three minutes of a core, so that the program is kept outside the project, for all later runs. */
function place() {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'parley', `versitygw-${VERSION}`);
}

function findGo() {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...GO_FOLDERS, ...SYSTEM_FOLDERS];
  return folders.map((folder) => join(folder, 'go')).find((path) => existsSync(path)) ?? null;
}

/** Whether `startVersitygw` finds the gateway. */
export function hasVersitygw() {
  return existsSync(place());
}

/** Builds the gateway where there is Go and it has not been built yet, behind everything else. Returns whether it is there. */
export async function provideVersitygw() {
  const go = findGo();
  if (hasVersitygw() || go === null) return hasVersitygw();
  const folder = join(place(), '..');
  mkdirSync(folder, { recursive: true });
  const made = mkdtempSync(join(folder, 'making-'));
  const isNice = spawnSync('nice', ['true']).status === 0;
  const [command, ...args] = [...(isNice ? ['nice', '-n', '19'] : []), go, 'install', `${MODULE}@${VERSION}`];
  const child = spawn(command, args, { env: { ...process.env, GOBIN: made }, stdio: 'ignore' });
  const code = await new Promise((resolve) => child.once('exit', resolve).once('error', () => resolve(1)));
  if (code === 0) renameSync(join(made, 'versitygw'), place());
  rmSync(made, { recursive: true, force: true });
  return hasVersitygw();
}

function answers(port) {
  return new Promise((resolve) => {
    const probe = connect({ port, host: '127.0.0.1' });
    probe.once('connect', () => {
      probe.destroy();
      resolve(true);
    });
    probe.once('error', () => resolve(false));
  });
}

/** A server for the caller alone, with the bucket `bucket`; null where there is no gateway. */
export async function startVersitygw(bucket) {
  if (!hasVersitygw()) return null;
  const folder = mkdtempSync(join(tmpdir(), 'parley-s3-'));
  const [data, notes] = [join(folder, 'data'), join(folder, 'notes')];
  // A folder at the top is a bucket.
  mkdirSync(join(data, bucket), { recursive: true });
  mkdirSync(notes);
  const port = await freePort();
  const keys = { accessKeyId: 'parley', secretAccessKey: 'a-secret-of-these-tests' };
  let child = null;
  let ended = Promise.resolve();

  async function go() {
    const args = ['--port', `127.0.0.1:${port}`, '--quiet', 'posix', '--sidecar', notes, data];
    const env = { ROOT_ACCESS_KEY: keys.accessKeyId, ROOT_SECRET_KEY: keys.secretAccessKey };
    child = spawn(place(), args, { cwd: folder, env, stdio: 'ignore' });
    const started = child;
    const end = () => started.kill('SIGKILL');
    // Tests that are broken off must not leave it behind.
    process.once('exit', end);
    ended = new Promise((resolve) => child.once('exit', resolve).once('error', resolve));
    void ended.then(() => process.off('exit', end));
    const endMs = Date.now() + START_MAX_MS;
    while (!(await answers(port))) {
      if (child.exitCode !== null || Date.now() > endMs) throw new Error('the S3 server did not start');
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }

  /** Kills the server, as an outage does; `go` starts it again, with all that it had. */
  async function kill() {
    child?.kill('SIGKILL');
    await ended;
  }

  async function stop() {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  }

  try {
    await go();
  } catch (error) {
    await stop();
    throw error;
  }
  return { endpoint: `http://127.0.0.1:${port}`, bucket, region: 'us-east-1', ...keys, kill, go, stop };
}
