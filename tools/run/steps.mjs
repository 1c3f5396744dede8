// Steps that `npm start`, `npm run dev` and `npm test` share. Plain JavaScript on Node's own modules, since it runs before
// anything is installed.
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const NODE_LEAST = [20, 9];
const INSTALL_STAMP = join(ROOT, 'node_modules', '.parley-installed');
const BUILD_STAMP = join(ROOT, '.next', 'parley-built');
const NOTICES = join(ROOT, '.build', 'third-party-notices.txt');
const NOTICES_STAMP = join(ROOT, '.build', 'third-party-notices-written');
const BUILD_INPUTS = [
  'app',
  'lib',
  'scene',
  'server/runtime.ts',
  'next.config.mjs',
  'tsconfig.json',
  'package-lock.json',
];

const SERVER = join(ROOT, '.build', 'server');
const SERVER_STAMP = join(ROOT, '.build', 'server-compiled');
/** What the server's processes and threads are started from; `server/modules.ts` finds them beside each other. */
const SERVER_MODULES = {
  compress: 'server/compress.ts',
  env: 'server/env.ts',
  main: 'server/main.ts',
  hubMain: 'server/hubProcess/hubMain.ts',
  'recorder.worker': 'server/recorder/recorder.worker.ts',
  'spectators.worker': 'server/recorder/spectators/spectators.worker.ts',
  'avatarInspector.worker': 'server/services/inspection/avatarInspector.worker.ts',
};
const COMPRESSED_STAMP = join(ROOT, '.build', 'compressed-written');
const AVATARS = 'public/models';
const MIGRATIONS = 'server/store/migrations';
const SERVER_INPUTS = ['server', 'lib', 'tools/run/steps.mjs', 'tsconfig.json', 'package-lock.json'];

/** Ends the process with one sentence that says what to do. */
export function refuse(sentence) {
  console.error(sentence);
  process.exit(1);
}

export function requireNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > NODE_LEAST[0] || (major === NODE_LEAST[0] && minor >= NODE_LEAST[1])) return;
  refuse(`Parley needs Node ${NODE_LEAST.join('.')} or newer; this is ${process.versions.node}. Install a newer Node.`);
}

/** Refuses a port that is in use, before minutes go into a build. */
export async function requireFreePort() {
  const port = Number(process.env.PORT || 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    refuse(`PORT must be a whole number from 0 to 65535, not "${process.env.PORT}". Correct it and start again.`);
  }
  const problem = await new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => resolve(error));
    probe.listen(port, process.env.HOST || '127.0.0.1', () => probe.close(() => resolve(null)));
  });
  if (problem?.code === 'EADDRINUSE') {
    refuse(`Port ${port} is taken. Stop what uses it, or choose another: PORT=${port + 1} npm start`);
  }
  if (problem?.code === 'EACCES') {
    refuse(`Port ${port} needs more rights than this account has. Choose one above 1023: PORT=3000 npm start`);
  }
}

/** Runs a command to its end; resolves with its exit code. */
export function run(command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: ROOT, stdio: 'inherit', ...options });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(signal ? 128 : (code ?? 1)));
  });
}

/** Runs a package's own JavaScript entry with this Node. */
export function runModule(entry, args, options) {
  return run(process.execPath, [join(ROOT, 'node_modules', entry), ...args], options);
}

function sha256(...parts) {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\0');
  return hash.digest('hex');
}

function readStamp(path) {
  return existsSync(path) ? readFileSync(path, 'utf8') : '';
}

function npmCommand() {
  // npm tells its scripts where it is; run without npm (`node tools/run/start.mjs`), the one on the PATH must do.
  const npm = process.env.npm_execpath;
  if (npm && /\.[cm]?js$/.test(npm)) return { command: process.execPath, args: [npm] };
  return { command: process.platform === 'win32' ? 'npm.cmd' : 'npm', args: [] };
}

/** Installs exactly what the lock file names, unless it is installed already. */
export async function install() {
  const wanted = sha256(
    readFileSync(join(ROOT, 'package-lock.json')),
    process.platform,
    process.arch,
    process.versions.modules,
  );
  if (readStamp(INSTALL_STAMP) === wanted) return;
  console.log('Installing the packages of the lock file ...');
  const { command, args } = npmCommand();
  const code = await run(command, [...args, 'ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']);
  if (code !== 0) refuse('The packages could not be installed: see the lines above, then run the command again.');
  writeFileSync(INSTALL_STAMP, wanted);
}

function filesUnder(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesUnder(join(path, name)));
}

/** Writes the notices of the installed packages, unless neither they nor the writer have changed. */
export async function writeNotices() {
  const inputs = filesUnder(join(ROOT, 'tools', 'licences')).map((path) => readFileSync(path));
  const wanted = sha256(readStamp(INSTALL_STAMP), ...inputs);
  if (existsSync(NOTICES) && readStamp(NOTICES_STAMP) === wanted) return;
  const code = await runModule('tsx/dist/cli.mjs', [join(ROOT, 'tools/licences/main.ts'), 'write', NOTICES]);
  if (code !== 0) refuse('The notices of the packages could not be written: see the lines above.');
  writeFileSync(NOTICES_STAMP, wanted);
}

function hashOf(inputs) {
  const paths = inputs.flatMap((name) => filesUnder(join(ROOT, name)));
  return sha256(...paths.flatMap((path) => [path.slice(ROOT.length), readFileSync(path)]));
}

/** Compiles the server, unless none of its sources has changed: to do so at each start would double its time. */
async function compileChanged() {
  const wanted = hashOf(SERVER_INPUTS);
  if (readStamp(SERVER_STAMP) === wanted) return;
  const { build: compile } = await import('esbuild');
  rmSync(SERVER, { recursive: true, force: true });
  await compile({
    absWorkingDir: ROOT,
    entryPoints: SERVER_MODULES,
    outdir: SERVER,
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: `node${NODE_LEAST.join('.')}`,
    sourcemap: true,
    logLevel: 'error',
  });
  cpSync(join(ROOT, MIGRATIONS), join(SERVER, 'migrations'), { recursive: true });
  writeFileSync(SERVER_STAMP, wanted);
}

let compiled = null;

/** Looks once for each process. */
function compileServer() {
  compiled ??= compileChanged();
  return compiled;
}

/** Compiles the server where needed, and loads one of its modules. */
export async function loadServer(name) {
  await compileServer();
  return import(pathToFileURL(join(SERVER, `${name}.js`)).href);
}

/** Loads the server as it was built. Ends the process with a sentence where nothing was. */
export async function loadBuiltServer() {
  const main = join(SERVER, 'main.js');
  if (!existsSync(main) || !existsSync(BUILD_STAMP)) refuse('Nothing is built here: run npm run build first.');
  return import(pathToFileURL(main).href);
}

/** Compresses what the server sends from memory, unless it has been done. One that changes later is compressed when asked for. */
async function compressFiles() {
  const files = filesUnder(join(ROOT, AVATARS)).map((path) => `${path.slice(ROOT.length)} ${statSync(path).size}`);
  const wanted = sha256(readStamp(SERVER_STAMP), ...files);
  if (readStamp(COMPRESSED_STAMP) === wanted) return;
  const server = await loadServer('compress');
  await server.compressFiles(ROOT);
  writeFileSync(COMPRESSED_STAMP, wanted);
}

/** Compiles the server and builds the pages, unless none of their inputs has changed. */
export async function build() {
  await writeNotices();
  await compileServer();
  await compressFiles();
  const wanted = hashOf(BUILD_INPUTS);
  if (readStamp(BUILD_STAMP) === wanted) return;
  console.log('Building the pages ...');
  const env = { ...process.env, NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' };
  const code = await runModule('next/dist/bin/next', ['build'], { env });
  if (code !== 0) refuse('The pages could not be built: see the lines above.');
  mkdirSync(dirname(BUILD_STAMP), { recursive: true });
  writeFileSync(BUILD_STAMP, wanted);
}
