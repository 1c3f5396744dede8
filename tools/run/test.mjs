// `npm test`: everything, from the installation to the browser.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { failuresOf, straysOf, timesOf } from './report.mjs';
import { build, install, ROOT, requireNode, run, runModule } from './steps.mjs';

requireNode();
process.chdir(ROOT);
await install();
const { requireChromium } = await import('./chromium.mjs');
const { provideFirefox } = await import('./firefox.mjs');
const { providePostgres } = await import('./postgres.mjs');
const { provideProsody } = await import('./prosody.mjs');
const { provideVersitygw } = await import('./versitygw.mjs');

const REPORTS = join(ROOT, '.build', 'reports');
const totals = { passed: 0, failed: 0, skipped: 0 };
const broken = [];
const failures = [];

async function step(name, action) {
  console.log(`\n== ${name}`);
  const startedMs = Date.now();
  const code = await action();
  console.log(`== ${name}: ${code === 0 ? 'ok' : 'FAILED'} in ${((Date.now() - startedMs) / 1000).toFixed(1)} s`);
  if (code !== 0) broken.push(name);
}

async function vitest(env) {
  const report = join(REPORTS, 'vitest.json');
  const strays = join(REPORTS, 'strays.json');
  const reporters = ['default', 'json', './tools/run/strayErrors.mjs'].map((reporter) => `--reporter=${reporter}`);
  const code = await runModule('vitest/vitest.mjs', ['run', ...reporters, `--outputFile.json=${report}`], {
    env: { ...process.env, ...env, STRAY_ERRORS_FILE: strays },
  });
  if (existsSync(strays)) failures.push(...straysOf(JSON.parse(readFileSync(strays, 'utf8'))));
  if (!existsSync(report)) return 1;
  const results = JSON.parse(readFileSync(report, 'utf8'));
  const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = results;
  failures.push(...failuresOf(results, ROOT));
  totals.passed += numPassedTests;
  totals.failed += numFailedTests || (code === 0 ? 0 : numFailedTestSuites || 1);
  totals.skipped += numPendingTests;
  console.log(timesOf(results, ROOT).join('\n'));
  return code;
}

rmSync(REPORTS, { recursive: true, force: true });
mkdirSync(REPORTS, { recursive: true });
const biome = join(ROOT, 'node_modules/.bin', process.platform === 'win32' ? 'biome.cmd' : 'biome');

// Built the first time, while the steps before the tests run.
const s3Server = provideVersitygw();
await step('format and lint', () => run(biome, ['check', '.'], { shell: process.platform === 'win32' }));
await step('types', async () => {
  const typegen = await runModule('next/dist/bin/next', ['typegen'], { stdio: ['ignore', 'ignore', 'inherit'] });
  return typegen || runModule('typescript/bin/tsc', ['--noEmit']);
});
await step('unused code', async () => {
  const everywhere = await runModule('knip/bin/knip.js', ['--no-progress']);
  return (
    everywhere || runModule('knip/bin/knip.js', ['--no-progress', '--production', '--config', 'knip.production.json'])
  );
});
await step('licences', () => runModule('tsx/dist/cli.mjs', ['tools/licences/main.ts', 'check']));
await step('build', async () => {
  await build();
  return 0;
});

const chromium = await requireChromium();
const postgres = await providePostgres();
if (!postgres) console.log('No PostgreSQL: set TEST_DATABASE_URL to run the store on one. Its tests are skipped.');
if (!(await provideProsody())) console.log('No Prosody: its tests, of clients on a real XMPP server, are skipped.');
if (!(await s3Server)) console.log('No Go to build an S3 server with: the tests of recordings in S3 are skipped.');
const firefox = await provideFirefox();
if (!firefox) console.log('No Firefox: its test is skipped. Install one, or name it in FIREFOX_PATH.');
try {
  const database = postgres ? { TEST_DATABASE_URL: postgres.url } : {};
  const browsers = { CHROMIUM_PATH: chromium, ...(firefox ? { FIREFOX_PATH: firefox } : {}) };
  await step('tests', () => vitest({ ...browsers, ...database }));
} finally {
  await postgres?.stop();
}

// Repeated at the end, where people look: the steps print thousands of lines.
if (broken.length > 0) console.log(['', `Failed: ${broken.join(', ')}.`, ...failures].join('\n'));
// A failed step without tests counts as one failure, so that the line below never hides it.
const failed = Math.max(totals.failed, broken.length);
console.log(`\n${totals.passed} passed, ${failed} failed, ${totals.skipped} skipped`);
process.exit(failed > 0 ? 1 : 0);
