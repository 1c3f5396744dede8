import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const FOLDER = join(process.cwd(), 'deploy');
const has = (program: string) => spawnSync(program, ['--version']).status === 0;
for (const program of ['promtool', 'amtool']) {
  if (!has(program)) console.log(`No ${program} here: it is not asked about its settings.`);
}

/** Runs a program's own check of a file below `deploy`. */
function expectAccepted(program: string, ...args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: FOLDER, encoding: 'utf8' });
  expect(status, `${stdout}${stderr}`).toBe(0);
}

it.skipIf(!has('promtool'))('Prometheus accepts its settings', () => {
  expectAccepted('promtool', 'check', 'config', 'prometheus/prometheus.yml');
});

it.skipIf(!has('amtool'))('Alertmanager accepts its settings', () => {
  expectAccepted('amtool', 'check-config', 'alertmanager/alertmanager.yml');
});
