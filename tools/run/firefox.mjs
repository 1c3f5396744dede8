// Finds the second browser of the end-to-end tests.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { canInstallPackages, SYSTEM_FOLDERS, tryToInstall } from './debian.mjs';
import { refuse } from './steps.mjs';

const COMMANDS = ['firefox-esr', 'firefox'];

function find() {
  const named = process.env.FIREFOX_PATH;
  if (named) return existsSync(named) ? named : refuse(`FIREFOX_PATH names ${named}, which does not exist.`);
  const paths = COMMANDS.flatMap((command) => SYSTEM_FOLDERS.map((folder) => join(folder, command)));
  return paths.find((path) => existsSync(path)) ?? null;
}

/** Path of a Firefox, which is installed first where possible; null if there is none. */
export async function provideFirefox() {
  const found = find();
  if (found || !canInstallPackages) return found;
  await tryToInstall('firefox-esr');
  return find();
}
