// Installs system packages where that needs no questions: on Debian and its derivatives, as root.
import { existsSync } from 'node:fs';
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

/** Installs Debian packages, or ends the process with a sentence that says why not. */
export async function installPackages(...names) {
  console.log(`Installing ${names.join(' ')} ...`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', PATH: SYSTEM_FOLDERS.join(':') };
  const quiet = { env, stdio: ['ignore', 'ignore', 'inherit'] };
  await run(APT_GET, ['update', '-qq'], quiet);
  const code = await run(APT_GET, ['install', '-y', '-qq', '--no-install-recommends', ...names], quiet);
  if (code !== 0) refuse(`Debian could not install ${names.join(' ')}: see the lines above.`);
}
