import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = new URL('../..', import.meta.url).pathname;
const FOLDERS = ['app', 'deploy', 'docs', 'lib', 'public', 'scene', 'server', 'tests', 'tools'];
const README_LINES_MAX = 150;

/** A path from the root as documents write it; patterns with `*` or `<key>` are none. */
const PATH = new RegExp(`^(?:${FOLDERS.join('|')})(?:/[\\w@.[\\]-]+)*/?$`);
/** A file named without its folder. */
const FILE_NAME = /^[\w.-]+\.(?:ts|tsx|mjs|md)$/;

function filesUnder(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesUnder(path) : [path];
  });
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

function found(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map((match) => match[1]!);
}

const files = FOLDERS.flatMap(filesUnder);
const fileNames = new Set(files.map((file) => basename(file)));
const scripts = new Set(Object.keys(JSON.parse(read('package.json')).scripts));
const benches = new Set(found(read('tools/bench/main.ts'), /^ {2}(\w+): \w+Bench,$/gm));
const drills = new Set(filesUnder('tools/drills/drills').flatMap((file) => found(read(file), /\bname: '([\w-]+)'/g)));

/** What a document names that does not exist: paths and files in backticks, targets of links, scripts, benches, drills. */
function missingFrom(document: string, text: string): string[] {
  const prose = text.replace(/^```[\s\S]*?^```/gm, '');
  const named = found(prose, /`([^`\n]+)`/g);
  const paths = named.filter((name) => PATH.test(name) && !existsSync(join(ROOT, name)));
  const names = named.filter((name) => FILE_NAME.test(name) && !fileNames.has(name));
  const links = found(prose, /\]\((?!https?:)([^)#\s]+)/g).filter(
    (target) => !existsSync(join(ROOT, dirname(document), target)),
  );
  const commands = found(text, /npm run (?:-s )?([\w:-]+)/g).filter((script) => !scripts.has(script));
  const measured = found(text, /npm run bench -- ([a-z]+)/g).filter((bench) => !benches.has(bench));
  const drilled = found(text, /\bdrills -- --only ([a-z][\w-]*)/g).filter((drill) => !drills.has(drill));
  return [...paths, ...names, ...links, ...commands, ...measured, ...drilled].map((name) => `${document}: ${name}`);
}

describe('the documents', () => {
  const documents = [...readdirSync(ROOT), ...files].filter((file) => file.endsWith('.md'));

  it('the files, folders, links and npm scripts that documents name exist', () => {
    expect(documents).toContain('README.md');
    expect(documents).toContain('lib/codec/SPEC.md');
    expect(documents.flatMap((document) => missingFrom(document, read(document)))).toEqual([]);
  });

  it('a document that names something missing is found out', () => {
    const text =
      'See `lib/gone/a.ts`, `gone.ts`, `lib/core` and [that](gone.md#part).\n\n```sh\nnpm run gone\nnpm run bench -- gone\n```\n';
    expect(missingFrom('docs/x.md', text)).toEqual([
      'docs/x.md: lib/gone/a.ts',
      'docs/x.md: gone.ts',
      'docs/x.md: gone.md',
      'docs/x.md: gone',
      'docs/x.md: gone',
    ]);
  });

  it('docs/settings.md lists exactly the settings that are read', () => {
    const settings = found(read('server/env.ts'), /\b(?:setting|optional)\(\s*'([A-Z_]+)'/g);
    const rows = found(read('docs/settings.md'), /^\| (`[A-Z].*?) \|/gm);
    const listed = rows.flatMap((row) => found(row, /`([A-Z][A-Z_]+)`/g));
    expect(settings.length).toBeGreaterThan(20);
    expect(listed.sort()).toEqual([...settings].sort());
  });

  it(`the README has at most ${README_LINES_MAX} lines`, () => {
    expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(README_LINES_MAX);
  });
});
