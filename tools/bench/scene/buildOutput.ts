/** Scripts of one route, as paths from the build's folder. */
export interface RouteScripts {
  /** Loaded with the page. */
  readonly first: readonly string[];
  /** Loaded later, each list for one part of the page that can wait. */
  readonly parts: ReadonlyArray<readonly string[]>;
}

/** The text of the three manifests that `next build` writes for a route. */
export interface RouteManifests {
  /** `build-manifest.json`. */
  readonly build: string;
  /** `server/app/<route>/page_client-reference-manifest.js`. */
  readonly clientReferences: string;
  /** `server/app/<route>/page/react-loadable-manifest.json`. */
  readonly loadable: string;
}

/** Something in a manifest is not what this version of Next writes. */
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

/** Which scripts a browser loads for a route: what comes with the page, and what waits. */
export function routeScripts({ build, clientReferences, loadable }: RouteManifests): RouteScripts {
  const root = pathsIn(parseJson(build, 'manifest').rootMainFiles, 'manifest');
  const first = new Set([...root, ...entryScripts(clientReferences)].filter(isScript));
  const lists = Object.values(parseJson(loadable, 'lazy parts')).map((part) => (part as Json | null)?.files);
  const parts = lists.map((files) => pathsIn(files, 'lazy parts').filter((path) => isScript(path) && !first.has(path)));
  return { first: [...first], parts };
}
