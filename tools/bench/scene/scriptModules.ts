/** Where in a bundled script each module begins. */
export interface ScriptModules {
  /** Path of the module that holds a line (counted from 0), or null before the first. */
  moduleAt(line: number): string | null;
}

/** esbuild puts a comment of the module's path before each module, and nothing else in a line with it. */
const MODULE_LINE = /^\s*\/\/ (\S+\.(?:[cm]?[jt]sx?))$/;

/** Reads from an unminified bundle of esbuild which lines are which module's. */
export function scriptModules(script: string): ScriptModules {
  const owners: (string | null)[] = [];
  let owner: string | null = null;
  for (const line of script.split('\n')) {
    owner = MODULE_LINE.exec(line)?.[1] ?? owner;
    owners.push(owner);
  }
  return { moduleAt: (line) => owners[line] ?? null };
}
