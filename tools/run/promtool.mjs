// Prometheus' own checks of metrics and rules.
import { spawnSync } from 'node:child_process';
import { canInstallPackages, tryToInstall } from './debian.mjs';

const isThere = () => spawnSync('promtool', ['--version']).status === 0;

/** Installs it where that is possible. Returns whether it is there. */
export async function providePromtool() {
  if (!isThere() && canInstallPackages) await tryToInstall('prometheus');
  return isThere();
}
