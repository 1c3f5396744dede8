import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AREAS, type Area } from './arrows';
import { type Import, importsOf, sourcesUnder } from './imports';

const ROOT = new URL('../..', import.meta.url).pathname;
const FOLDERS = ['lib', 'scene', 'app', 'server', 'tools'];

function isIn(path: string, area: string): boolean {
  return path === area || path.startsWith(`${area}/`) || path.startsWith(`${area}.`);
}

function areaOf(path: string): Area | undefined {
  return AREAS.filter((area) => isIn(path, area.path)).sort((a, b) => b.path.length - a.path.length)[0];
}

function matches(path: string, allowed: string): boolean {
  return allowed.endsWith('/*') ? path.startsWith(allowed.slice(0, -1)) : isIn(path, allowed);
}

function isAllowed(area: Area, entry: Import): boolean {
  if (entry.foreign) return area.packages.includes('*') || area.packages.includes(entry.target);
  if (areaOf(entry.target)?.path === area.path) return true;
  const allowedAreas = entry.typeOnly ? [...area.may, ...(area.mayTypes ?? [])] : area.may;
  return allowedAreas.some((allowed) => matches(entry.target, allowed));
}

/** Every import of `files` that follows no arrow, and every file that is in no area. */
function violations(root: string, files: readonly string[]): string[] {
  return files.flatMap((file) => {
    const area = areaOf(file);
    if (!area) return [`${file} is in no area`];
    const found = importsOf(root, file)
      .filter((entry) => !isAllowed(area, entry))
      .map((entry) => `${file} must not import ${entry.target}`);
    return [...new Set(found)];
  });
}

describe('architecture', () => {
  const files = FOLDERS.flatMap((folder) => sourcesUnder(ROOT, folder));

  it('the architecture test finds the sources', () => {
    expect(files.length).toBeGreaterThan(50);
  });

  it('imports follow only the arrows that are drawn', () => {
    expect(violations(ROOT, files)).toEqual([]);
  });

  it('lib imports neither React nor three', () => {
    const foreign = files.filter((file) => file.startsWith('lib/')).flatMap((file) => importsOf(ROOT, file));
    expect(foreign.filter((entry) => /^(react|three|@react-three\/.*)$/.test(entry.target))).toEqual([]);
  });

  it('process.env is read in one place', async () => {
    const { readFileSync } = await import('node:fs');
    const readers = files
      .filter((file) => !file.startsWith('tools/'))
      .filter((file) => /process\.env\b/.test(readFileSync(join(ROOT, file), 'utf8')));
    expect(readers).toEqual(['server/env.ts']);
  });

  it('the architecture test sees a forbidden arrow, a stray file and a foreign package', () => {
    const root = mkdtempSync(join(tmpdir(), 'parley-arrows-'));
    try {
      mkdirSync(join(root, 'lib/core'), { recursive: true });
      mkdirSync(join(root, 'lib/api'), { recursive: true });
      writeFileSync(
        join(root, 'lib/core/a.ts'),
        "import { x } from '@/lib/pose/pose';\nimport 'three';\nexport { x };\n",
      );
      writeFileSync(join(root, 'lib/api/b.ts'), "import type { R } from '@/server/api/router';\nexport type { R };\n");
      writeFileSync(join(root, 'lib/api/c.ts'), "import { r } from '@/server/api/router';\nexport { r };\n");
      writeFileSync(join(root, 'lib/stray.ts'), 'export {};\n');
      expect(violations(root, sourcesUnder(root, 'lib')).sort()).toEqual([
        'lib/api/c.ts must not import server/api/router',
        'lib/core/a.ts must not import lib/pose/pose',
        'lib/core/a.ts must not import three',
        'lib/stray.ts is in no area',
      ]);
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});
