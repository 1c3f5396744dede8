// Installs system packages where that needs no questions: on Debian and its derivatives, as root.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { refuse, run } from './steps.mjs';

const APT_GET = '/usr/bin/apt-get';

/** Where the system keeps its programs, whatever the shell's PATH says. */
export const SYSTEM_FOLDERS = [
  '/usr/local/sbin',
  '/usr/local/bin',
  '/usr/sbin',
  '/usr/bin',
  '/sbin',
  '/bin',
  '/snap/bin',
];

export const canInstallPackages = existsSync('/etc/debian_version') && existsSync(APT_GET) && process.getuid?.() === 0;

/** Installs Debian packages. Returns whether it could. */
export async function tryToInstall(...names) {
  console.log(`Installing ${names.join(' ')} ...`);
  // In this runlevel Debian starts no service that a package brings.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1', PATH: SYSTEM_FOLDERS.join(':') };
  const quiet = { env, stdio: ['ignore', 'ignore', 'inherit'] };
  await run(APT_GET, ['update', '-qq'], quiet);
  return (await run(APT_GET, ['install', '-y', '-qq', '--no-install-recommends', ...names], quiet)) === 0;
}

/** Installs Debian packages, or ends the process with a sentence that says why not. */
export async function installPackages(...names) {
  if (!(await tryToInstall(...names))) refuse(`Debian could not install ${names.join(' ')}: see the lines above.`);
}

function idOf(flag, account) {
  const { status, stdout } = spawnSync('/usr/bin/id', [flag, account], { encoding: 'utf8' });
  return status === 0 ? Number(stdout) : null;
}

/** The first of these accounts that there is, for a server that refuses to run as root; null if there is none. */
export function findAccount(...names) {
  for (const name of names) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== null && gid !== null) return { uid, gid };
  }
  return null;
}

/** A port of loopback that nothing listens on now. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
