// `npm test`: everything, from the installation to the browser.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { failuresOf, straysOf, timesOf } from './report.mjs';
import { build, install, ROOT, requireNode, runModule } from './steps.mjs';

requireNode();
process.chdir(ROOT);
await install();
const { requireChromium } = await import('./chromium.mjs');
const { provideFirefox } = await import('./firefox.mjs');
const { providePostgres } = await import('./postgres.mjs');
const { providePromtool } = await import('./promtool.mjs');
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
  end(name, code, Date.now() - startedMs);
}

function end(name, code, tookMs) {
  console.log(`== ${name}: ${code === 0 ? 'ok' : 'FAILED'} in ${(tookMs / 1000).toFixed(1)} s`);
  if (code !== 0) broken.push(name);
}

/** Runs commands one after the other, up to the first that fails. Resolves with its exit code and what all printed. */
async function collected(commands) {
  let printed = '';
  for (const [command, args, options] of commands) {
    const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe'], ...options });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk) => {
        printed += chunk;
      });
    }
    const code = await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status) => resolve(status ?? 1));
    });
    if (code !== 0) return { code, printed };
  }
  return { code: 0, printed };
}

/** A step of commands that use one core, beside others. Resolves with what shows its outcome. */
async function beside(name, commands) {
  const startedMs = Date.now();
  const { code, printed } = await collected(commands);
  const tookMs = Date.now() - startedMs;
  return () => {
    console.log(`\n== ${name}\n${printed.trimEnd()}`);
    end(name, code, tookMs);
  };
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
const knip = join(ROOT, 'node_modules', 'knip/bin/knip.js');
const checks = [
  beside('format and lint', [[biome, ['check', '.'], { shell: process.platform === 'win32' }]]),
  beside('unused code', [
    [process.execPath, [knip, '--no-progress']],
    [process.execPath, [knip, '--no-progress', '--production', '--config', 'knip.production.json']],
  ]),
  beside('licences', [
    [process.execPath, [join(ROOT, 'node_modules/tsx/dist/cli.mjs'), 'tools/licences/main.ts', 'check']],
  ]),
];
await step('build', async () => {
  await build();
  return 0;
});
// The build has written the types of the routes.
await step('types', () => runModule('typescript/bin/tsc', ['--noEmit']));
for (const check of checks) (await check)();

const chromium = await requireChromium();
const postgres = await providePostgres();
if (!postgres) console.log('No PostgreSQL: set TEST_DATABASE_URL to run the store on one. Its tests are skipped.');
if (!(await provideProsody())) console.log('No Prosody: its tests, of clients on a real XMPP server, are skipped.');
if (!(await s3Server)) console.log('No Go to build an S3 server with: the tests of recordings in S3 are skipped.');
if (!(await providePromtool()))
  console.log('No promtool (Debian’s prometheus): metrics and rules are not put to its own checks.');
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
