import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { routeScripts } from './buildOutput';
import { buildPages } from './buildPages';

const FOLDER = join('.build', 'bench');
const ROUTE = join('server', 'app', 'm', '[id]');
const KILOBYTE = 1000;

/** Scripts together and each, kilobytes of gzip at its best level. */
export interface BundleSize {
  readonly kilobytes: number;
  /** The greatest first. */
  readonly chunks: ReadonlyArray<{ readonly name: string; readonly value: number }>;
}

export interface BundleSizes {
  /** What a name can be typed and Join be pressed with. */
  readonly lobby: BundleSize;
  /** Every part that draws, with all that its import loads. */
  readonly scene: BundleSize;
}

/** Weighs the scripts of a meeting's page in a build. Styles, fonts, models and the Jitsi library are not among them. */
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
  // A part that draws brings the renderer with it.
  const drawing = parts.filter((paths) => paths.some((path) => read(path).includes('WebGLRenderer')));
  return { lobby: sizeOf(first), scene: sizeOf([...new Set(drawing.flat())]) };
}

/** Builds the pages for production and weighs them. */
export async function bundleSizes(say: (line: string) => void): Promise<BundleSizes> {
  say('Building the pages ...');
  await buildPages(FOLDER);
  return bundleSizesOf(FOLDER);
}
