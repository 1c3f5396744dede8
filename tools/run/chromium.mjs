// Finds the browser of the end-to-end tests.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { canInstallPackages, installPackages, SYSTEM_FOLDERS } from './debian.mjs';
import { refuse } from './steps.mjs';

const COMMANDS = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
  'C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe',
];

function find() {
  const named = process.env.CHROMIUM_PATH;
  if (named) return existsSync(named) ? named : refuse(`CHROMIUM_PATH names ${named}, which does not exist.`);
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SYSTEM_FOLDERS];
  const onPath = COMMANDS.flatMap((command) => folders.map((folder) => join(folder, command)));
  return [...onPath, ...PLACES].find((path) => existsSync(path));
}

/** Path of a Chromium or Chrome; installs one first where possible, else ends the process with a sentence that says what to do. */
export async function requireChromium() {
  const found = find();
  if (found) return found;
  if (canInstallPackages) await installPackages('chromium');
  return find() ?? refuse('The browser tests need Chromium or Chrome: install one, or name it in CHROMIUM_PATH.');
}
