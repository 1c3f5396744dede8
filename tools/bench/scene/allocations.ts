/** Which lines of a bundled script belong to which module. */
export interface ScriptModules {
  /** Path of the module that holds a line (counted from 0), or null before the first. */
  moduleAt(line: number): string | null;
}

/** esbuild puts a comment with the module's path on a line before each module. */
const MODULE_LINE = /^\s*\/\/ (\S+\.(?:[cm]?[jt]sx?))$/;

/** Finds the modules in an unminified bundle of esbuild. */
export function scriptModules(script: string): ScriptModules {
  const owners: (string | null)[] = [];
  let owner: string | null = null;
  for (const line of script.split('\n')) {
    owner = MODULE_LINE.exec(line)?.[1] ?? owner;
    owners.push(owner);
  }
  return { moduleAt: (line) => owners[line] ?? null };
}

/** A node of a sampling heap profile of the DevTools protocol. */
export interface ProfileNode {
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
  /** Bytes allocated in this function itself, garbage or not. */
  readonly selfSize: number;
  readonly children: readonly ProfileNode[];
}

/** Whose code allocated. */
type Allocator = 'engine' | 'libraries' | 'benchmark' | 'browser';

/** Bytes allocated, by owner of the code, and the functions that allocated most. */
export interface Allocations {
  readonly bytes: Readonly<Record<Allocator, number>>;
  /** Functions with their module, largest first. */
  readonly greatest: ReadonlyArray<{ readonly place: string; readonly bytes: number }>;
}

const GREATEST_TOLD = 8;

type OwnerOf = (node: ProfileNode) => string | null;
type Seen = (node: ProfileNode, owner: string | null) => void;

function allocatorOf(module: string | null): Allocator {
  if (module === null) return 'browser';
  if (module.includes('node_modules/')) return 'libraries';
  return module.startsWith('tools/') ? 'benchmark' : 'engine';
}

function visit(node: ProfileNode, caller: string | null, ownerOf: OwnerOf, seen: Seen): void {
  // What the browser's own functions allocate counts for their caller.
  const owner = ownerOf(node) ?? caller;
  seen(node, owner);
  for (const child of node.children) visit(child, owner, ownerOf, seen);
}

/** Sums a profile of the page whose script `modules` describes. */
export function sumAllocations(head: ProfileNode, modules: ScriptModules, scriptPath: string): Allocations {
  const bytes = { engine: 0, libraries: 0, benchmark: 0, browser: 0 };
  const places = new Map<string, number>();
  const ownerOf: OwnerOf = ({ callFrame: { url, lineNumber } }) =>
    url.endsWith(scriptPath) ? modules.moduleAt(lineNumber) : null;
  visit(head, null, ownerOf, ({ callFrame, selfSize }, owner) => {
    if (selfSize === 0) return;
    bytes[allocatorOf(owner)] += selfSize;
    const place = `${callFrame.functionName || '(anonymous)'} in ${owner?.replace(/^.*node_modules\//, '') ?? 'the browser'}`;
    places.set(place, (places.get(place) ?? 0) + selfSize);
  });
  const greatest = Array.from(places, ([place, size]) => ({ place, bytes: size })).sort((a, b) => b.bytes - a.bytes);
  return { bytes, greatest: greatest.slice(0, GREATEST_TOLD) };
}
