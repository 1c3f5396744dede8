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
  /** Loaded later: the list of every import that waits, of the page's scripts and of those that it loads in turn. */
  readonly parts: ReadonlyArray<readonly string[]>;
}

/** Something in the output is not what this version of Next writes. */
export class BuildOutputError extends Error {}

type Json = Readonly<Record<string, unknown>>;

function parseJson(text: string, what: string): Json {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value as Json;
  } catch {}
  throw new BuildOutputError(`The build's ${what} is not the JSON it should be.`);
}

function pathsIn(value: unknown, what: string): string[] {
  if (Array.isArray(value) && value.every((path) => typeof path === 'string')) return value as string[];
  throw new BuildOutputError(`The build's ${what} names no list of files.`);
}

function isScript(path: string): boolean {
  return path.endsWith('.js');
}

/**
 * The manifest is a script that assigns an object to a global of its own. Every entry comes with the page: layouts, what
 * stands ready for errors, and what belongs to the page's metadata.
 */
function entryScripts(clientReferences: string): string[] {
  const json = /\]\s*=\s*(\{.*\})/s.exec(clientReferences)?.[1] ?? '';
  const { entryJSFiles } = parseJson(json, 'client references');
  if (typeof entryJSFiles !== 'object' || entryJSFiles === null) {
    throw new BuildOutputError("The build's client references name no entries.");
  }
  return Object.values(entryJSFiles).flatMap((paths) => pathsIn(paths, 'client references'));
}

/** The lists of scripts that `script` loads later: Turbopack writes each waiting import as one `Promise.all`. */
function waitingImports(script: string): string[][] {
  return [...script.matchAll(/Promise\.all\(\[([^\]]*)\]/g)]
    .map(([, list]) => [...list!.matchAll(/"(static\/chunks\/[^"]+)"/g)].map(([, path]) => path!).filter(isScript))
    .filter((paths) => paths.length > 0);
}

/** Which scripts a browser loads for a route: what comes with the page, and what waits. Scripts are listed once a part. */
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
