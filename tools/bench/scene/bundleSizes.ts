import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Say } from '../benchResult';

/** The texts of a route's build that say which scripts it loads. */
export interface RouteOutput {
  /** `build-manifest.json`. */
  readonly build: string;
  /** `server/app/<route>/page_client-reference-manifest.js`. */
  readonly clientReferences: string;
  /** Reads a script by its path from the build's folder. */
  readScript(path: string): string;
}

/** Scripts of one route, as paths from the build's folder. */
export interface RouteScripts {
  /** Loaded with the page. */
  readonly first: readonly string[];
  /** Loaded later: the scripts of each dynamic import, of the page's scripts and of those they load in turn. */
  readonly parts: ReadonlyArray<readonly string[]>;
}

/** The output is not what this version of Next writes. */
export class BuildOutputError extends Error {}

type Json = Readonly<Record<string, unknown>>;

function parseJson(text: string, what: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Json;
  } catch {}
  throw new BuildOutputError(`The build's ${what} is not valid JSON.`);
}

function pathsIn(value: unknown, what: string): string[] {
  if (Array.isArray(value) && value.every((path) => typeof path === 'string')) return value as string[];
  throw new BuildOutputError(`The build's ${what} names no list of files.`);
}

function isScript(path: string): boolean {
  return path.endsWith('.js');
}

/**
 * The manifest is a script that assigns an object to a global. Every entry comes with the page: layouts, error pages and
 * metadata.
 */
function entryScripts(clientReferences: string): string[] {
  const json = /\]\s*=\s*(\{.*\})/s.exec(clientReferences)?.[1] ?? '';
  const { entryJSFiles } = parseJson(json, 'client references');
  if (typeof entryJSFiles !== 'object' || entryJSFiles === null) {
    throw new BuildOutputError("The build's client references name no entries.");
  }
  return Object.values(entryJSFiles).flatMap((paths) => pathsIn(paths, 'client references'));
}

/** The scripts that each dynamic import in `script` loads: Turbopack writes one `Promise.all` per import. */
function waitingImports(script: string): string[][] {
  return [...script.matchAll(/Promise\.all\(\[([^\]]*)\]/g)]
    .map(([, list]) => [...list!.matchAll(/"(static\/chunks\/[^"]+)"/g)].map(([, path]) => path!).filter(isScript))
    .filter((paths) => paths.length > 0);
}

/** Which scripts a browser loads for a route, with the page and later. */
export function routeScripts({ build, clientReferences, readScript }: RouteOutput): RouteScripts {
  const root = pathsIn(parseJson(build, 'manifest').rootMainFiles, 'manifest');
  const first = new Set([...root, ...entryScripts(clientReferences)].filter(isScript));
  const read = new Set(first);
  const parts: string[][] = [];
  for (const path of read) {
    for (const paths of waitingImports(readScript(path))) {
      for (const found of paths) read.add(found);
      parts.push(paths.filter((found) => !first.has(found)));
    }
  }
  return { first: [...first], parts };
}

/** Next writes the build folder into these files; they are restored. */
const TOUCHED = ['tsconfig.json', 'next-env.d.ts'] as const;

function nextBuild(folder: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NODE_ENV: 'production' as const, NEXT_TELEMETRY_DISABLED: '1', BUILD_DIR: folder };
    const child = spawn(process.execPath, [join('node_modules', 'next', 'dist', 'bin', 'next'), 'build'], { env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += text));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`The build failed:\n${output}`));
    });
  });
}

/** Builds the pages for production into `folder` and leaves the sources and the served build as they were. */
async function buildPages(folder: string): Promise<void> {
  const kept = TOUCHED.filter((path) => existsSync(path)).map((path) => [path, readFileSync(path)] as const);
  rmSync(folder, { recursive: true, force: true });
  try {
    await nextBuild(folder);
  } finally {
    for (const [path, bytes] of kept) writeFileSync(path, bytes);
  }
}

const FOLDER = join('.build', 'bench');
const ROUTE = join('server', 'app', 'm', '[id]');
const KILOBYTE = 1000;

/** Size of scripts together and one by one, kilobytes of gzip at its best level. */
interface BundleSize {
  readonly kilobytes: number;
  /** Largest first. */
  readonly chunks: ReadonlyArray<{ readonly name: string; readonly value: number }>;
}

export interface BundleSizes {
  /** What the lobby needs until Join is pressed. */
  readonly lobby: BundleSize;
  /** Every dynamic import that draws, with all that it loads. */
  readonly scene: BundleSize;
}

/** Weighs the scripts of a meeting's page in a build, without styles, fonts, models and the Jitsi library. */
export function bundleSizesOf(folder: string): BundleSizes {
  const read = (path: string) => readFileSync(join(folder, path), 'utf8');
  const { first, parts } = routeScripts({
    build: read('build-manifest.json'),
    clientReferences: read(join(ROUTE, 'page_client-reference-manifest.js')),
    readScript: read,
  });
  const sizeOf = (paths: readonly string[]): BundleSize => {
    const weigh = (path: string) => gzipSync(read(path), { level: 9 }).length / KILOBYTE;
    const chunks = paths.map((path) => ({ name: path.replace(/^.*\//, ''), value: weigh(path) }));
    chunks.sort((a, b) => b.value - a.value);
    return { kilobytes: chunks.reduce((sum, { value }) => sum + value, 0), chunks };
  };
  // A part that draws includes the renderer.
  const drawing = parts.filter((paths) => paths.some((path) => read(path).includes('WebGLRenderer')));
  return { lobby: sizeOf(first), scene: sizeOf([...new Set(drawing.flat())]) };
}

/** Builds the pages for production and weighs them. */
export async function bundleSizes(say: Say): Promise<BundleSizes> {
  say('Building the pages ...');
  await buildPages(FOLDER);
  return bundleSizesOf(FOLDER);
}
