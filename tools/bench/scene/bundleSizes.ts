import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { routeScripts } from './buildOutput';
import { buildPages } from './buildPages';

const FOLDER = join('.build', 'bench');
const ROUTE = join(FOLDER, 'server', 'app', 'm', '[id]');
const KILOBYTE = 1000;

/** Scripts together and each, kilobytes of gzip at its best level. */
export interface BundleSize {
  readonly kilobytes: number;
  /** The greatest first. */
  readonly chunks: ReadonlyArray<{ readonly name: string; readonly value: number }>;
}

function sizeOf(paths: readonly string[]): BundleSize {
  const chunks = paths.map((path) => ({
    name: path.replace(/^.*\//, ''),
    value: gzipSync(readFileSync(join(FOLDER, path)), { level: 9 }).length / KILOBYTE,
  }));
  chunks.sort((a, b) => b.value - a.value);
  return { kilobytes: chunks.reduce((sum, { value }) => sum + value, 0), chunks };
}

function read(...path: string[]): string {
  return readFileSync(join(...path), 'utf8');
}

/** A part that draws brings the renderer with it. */
function draws(part: readonly string[]): boolean {
  return part.some((path) => read(FOLDER, path).includes('WebGLRenderer'));
}

/**
 * Builds the pages and weighs the scripts of a meeting's page: those that the lobby comes with, and those of every part
 * that draws. Styles, fonts, models and the Jitsi library, which the server hands out, are not among them.
 */
export async function bundleSizes(say: (line: string) => void): Promise<{ lobby: BundleSize; scene: BundleSize }> {
  say('Building the pages ...');
  await buildPages(FOLDER);
  const { first, parts } = routeScripts({
    build: read(FOLDER, 'build-manifest.json'),
    clientReferences: read(ROUTE, 'page_client-reference-manifest.js'),
    loadable: read(ROUTE, 'page', 'react-loadable-manifest.json'),
  });
  return { lobby: sizeOf(first), scene: sizeOf([...new Set(parts.filter(draws).flat())]) };
}
