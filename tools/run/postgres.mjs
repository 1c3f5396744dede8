// A PostgreSQL for the tests alone, on loopback, removed when they end.
import { spawnSync } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { canInstallPackages, installPackages, SYSTEM_FOLDERS } from './debian.mjs';

const DEBIAN_PLACE = '/usr/lib/postgresql';
/** PostgreSQL refuses to run as root; these accounts are tried in turn. */
const ACCOUNTS = ['postgres', 'nobody'];

function findBinaries() {
  const versions = existsSync(DEBIAN_PLACE) ? readdirSync(DEBIAN_PLACE).sort((a, b) => Number(b) - Number(a)) : [];
  const folders = [
    ...versions.map((version) => join(DEBIAN_PLACE, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
    ...SYSTEM_FOLDERS,
  ];
  return folders.find((folder) => ['initdb', 'pg_ctl', 'postgres'].every((name) => existsSync(join(folder, name))));
}

function idOf(flag, account) {
  const { status, stdout } = spawnSync('/usr/bin/id', [flag, account], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : null;
}

function findAccount() {
  for (const name of ACCOUNTS) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== null && gid !== null) return { uid, gid };
  }
  return null;
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function start(binaries, account) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-postgres-'));
  chownSync(folder, account.uid, account.gid);
  const data = join(folder, 'data');
  const port = await freePort();
  const call = (name, ...args) => {
    // The server keeps inherited pipes open, so waiting for `pg_ctl` would never end with them.
    const options = {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { PATH: SYSTEM_FOLDERS.join(':'), LC_ALL: 'C' },
    };
    const { status } = spawnSync(join(binaries, name), args, { ...options, ...account });
    if (status !== 0) throw new Error(`${name} failed`);
  };
  call('initdb', '-D', data, '-U', 'parley', '-A', 'trust', '-E', 'UTF8', '--no-sync');
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c max_connections=60`;
  call('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', settings, 'start');
  const stop = () => {
    call('pg_ctl', '-D', data, '-m', 'immediate', 'stop');
    rmSync(folder, { recursive: true, force: true });
  };
  return { url: `postgres://parley@127.0.0.1:${port}/postgres`, stop };
}

/** The database of TEST_DATABASE_URL if set, else a server started here where possible, else null. */
export async function providePostgres() {
  if (process.env.TEST_DATABASE_URL) return { url: process.env.TEST_DATABASE_URL, stop: () => {} };
  if (!canInstallPackages) return null;
  if (!findBinaries()) await installPackages('postgresql');
  const binaries = findBinaries();
  const account = findAccount();
  return binaries && account ? start(binaries, account) : null;
}
