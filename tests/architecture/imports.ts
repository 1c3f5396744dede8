import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { parseSync } from 'oxc-parser';

/** One import as written in a source file. */
export interface Import {
  /** The importing file, relative to the root, with forward slashes. */
  readonly from: string;
  /** Path relative to the root without extension, or the name of a package. */
  readonly target: string;
  readonly foreign: boolean;
  readonly typeOnly: boolean;
}

/** All TypeScript sources under `folder`, relative to the root. */
export function sourcesUnder(root: string, folder: string): string[] {
  const path = join(root, folder);
  return readdirSync(path).flatMap((name) => {
    const file = posix.join(folder, name);
    if (statSync(join(root, file)).isDirectory()) return sourcesUnder(root, file);
    return /\.(ts|tsx|mts)$/.test(name) && !name.endsWith('.d.ts') ? [file] : [];
  });
}

function packageName(specifier: string): string {
  if (specifier.startsWith('node:')) return 'node:';
  const parts = specifier.split('/');
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : parts[0]!;
}

function resolve(root: string, from: string, specifier: string): Omit<Import, 'typeOnly'> {
  if (specifier.startsWith('@/')) return { from, target: specifier.slice(2), foreign: false };
  if (!specifier.startsWith('.')) return { from, target: packageName(specifier), foreign: true };
  const target = relative(root, join(root, dirname(from), specifier)).replaceAll('\\', '/');
  return { from, target, foreign: false };
}

/** Every static, dynamic and re-exporting import of a source file. */
export function importsOf(root: string, file: string): Import[] {
  const text = readFileSync(join(root, file), 'utf8');
  const { module, errors } = parseSync(file, text);
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]!.message}`);
  const isTypeOnly = (entries: readonly { isType: boolean }[], start: number) =>
    /^(import|export)\s+type\b/.test(text.slice(start)) ||
    (entries.length > 0 && entries.every((entry) => entry.isType));
  const found: Import[] = [];
  for (const statement of module.staticImports) {
    const typeOnly = isTypeOnly(statement.entries, statement.start);
    found.push({ ...resolve(root, file, statement.moduleRequest.value), typeOnly });
  }
  for (const statement of module.staticExports) {
    const request = statement.entries.find((entry) => entry.moduleRequest)?.moduleRequest;
    if (request)
      found.push({ ...resolve(root, file, request.value), typeOnly: isTypeOnly(statement.entries, statement.start) });
  }
  for (const call of module.dynamicImports) {
    const specifier = /^['"`]([^'"`$]+)['"`]$/.exec(text.slice(call.moduleRequest.start, call.moduleRequest.end))?.[1];
    if (!specifier) throw new Error(`${file}: a dynamic import must name its module plainly`);
    found.push({ ...resolve(root, file, specifier), typeOnly: false });
  }
  return found;
}
