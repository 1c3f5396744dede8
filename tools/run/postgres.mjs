// A PostgreSQL for the tests alone, on loopback, removed when they end.
import { chownSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { canInstallPackages, findAccount, freePort, installPackages, SYSTEM_FOLDERS } from './debian.mjs';
import { run } from './steps.mjs';

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

/** The parent of a process of this Linux; null if it is gone. */
function parentOf(id) {
  try {
    // The second field, the name in brackets, may contain anything.
    return Number(readFileSync(`/proc/${id}/stat`, 'utf8').split(') ').at(-1).split(' ')[1]);
  } catch {
    return null;
  }
}

/** Ids of the server's process and of those that it has started. */
function processesOf(data) {
  const leader = Number(readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n')[0]);
  const all = readdirSync('/proc').map(Number).filter(Number.isInteger);
  return [leader, ...all.filter((id) => parentOf(id) === leader)];
}

async function start(binaries, account) {
  const folder = mkdtempSync(join(tmpdir(), 'parley-postgres-'));
  chownSync(folder, account.uid, account.gid);
  const data = join(folder, 'data');
  const port = await freePort();
  const call = async (name, ...args) => {
    // The server keeps inherited pipes open, so waiting for `pg_ctl` would never end with them.
    const options = {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { PATH: SYSTEM_FOLDERS.join(':'), LC_ALL: 'C' },
    };
    const code = await run(join(binaries, name), args, { ...options, ...account });
    if (code !== 0) throw new Error(`${name} failed`);
  };
  const settings = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c max_connections=60`;
  const go = () => call('pg_ctl', '-D', data, '-w', '-l', join(folder, 'log'), '-o', settings, 'start');
  const halt = () => call('pg_ctl', '-D', data, '-m', 'immediate', 'stop');
  const signal = (name) => {
    for (const id of processesOf(data)) {
      try {
        process.kill(id, name);
      } catch (error) {
        // A backend whose client has left may end between being listed and being told.
        if (error.code !== 'ESRCH') throw error;
      }
    }
  };
  await call('initdb', '-D', data, '-U', 'parley', '-A', 'trust', '-E', 'UTF8', '--no-sync');
  await go();
  return {
    url: `postgres://parley@127.0.0.1:${port}/postgres`,
    /** Stops the server, and starts it again. */
    halt,
    go,
    /** Lets the server hang: it keeps its connections and answers nothing, until it is thawed. */
    freeze: () => signal('SIGSTOP'),
    thaw: () => signal('SIGCONT'),
    async stop() {
      await halt();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Whether `startPostgres` finds a PostgreSQL, and may give it an account of its own. */
export function hasPostgres() {
  return process.getuid?.() === 0 && Boolean(findBinaries() && findAccount(...ACCOUNTS));
}

/** A server for the caller alone, or null where there is no PostgreSQL. */
export async function startPostgres() {
  return hasPostgres() ? start(findBinaries(), findAccount(...ACCOUNTS)) : null;
}

/** The database of TEST_DATABASE_URL if set, else a server started here where possible, else null. */
export async function providePostgres() {
  if (process.env.TEST_DATABASE_URL) return { url: process.env.TEST_DATABASE_URL, stop: async () => {} };
  if (!canInstallPackages) return null;
  if (!findBinaries()) await installPackages('postgresql');
  return startPostgres();
}
