// Installing system packages, where that can be done without asking anybody: on Debian and its kin, as root.
import { existsSync } from 'node:fs';
import { refuse, run } from './steps.mjs';

const APT_GET = '/usr/bin/apt-get';

/** Where a system keeps its programs, whatever the PATH of the shell says. */
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

/** Installs Debian packages, or says that it could not and ends. */
export async function installPackages(...names) {
  console.log(`Installing ${names.join(' ')} ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', PATH: SYSTEM_FOLDERS.join(':') };
  const quiet = { env, stdio: ['ignore', 'ignore', 'inherit'] };
  await run(APT_GET, ['update', '-qq'], quiet);
  const code = await run(APT_GET, ['install', '-y', '-qq', '--no-install-recommends', ...names], quiet);
  if (code !== 0) refuse(`Debian could not install ${names.join(' ')}: see the lines above.`);
}
