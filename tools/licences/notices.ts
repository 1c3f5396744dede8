import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { LockedPackage } from './packages';

const LICENCE_FILE = /(^|\.)(licen[sc]es?|notice|copying|unlicense)(\.(md|txt|markdown|apache2|mit|bsd))?$/i;

const HEADER = `THIRD-PARTY NOTICES

Parley runs and serves the packages below, unchanged, under their own licences. Packages with the same text share it.
`;

const RULE = '-'.repeat(80);

/** Under what a text is listed: a package, or something that it carries inside. */
interface Notice {
  readonly title: string;
  readonly text: string;
}

function licenceFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    // Packages inside have entries of their own.
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : licenceFiles(path);
    return entry.isFile() && LICENCE_FILE.test(entry.name) ? [path] : [];
  });
}

function withoutText({ licence }: LockedPackage): string {
  return `The package carries no text of its licence, ${licence}: see https://spdx.org/licenses/${licence}.html`;
}

function noticesOf(each: LockedPackage): Notice[] {
  const title = `${each.name} ${each.version} (${each.licence ?? 'see below'})`;
  const files = licenceFiles(each.folder);
  const own = files.length > 0 ? [] : [{ title, text: withoutText(each) }];
  const read = files.map((path) => {
    const inside = relative(each.folder, path);
    const isOwn = !/[\\/]/.test(inside);
    return {
      title: isOwn ? title : `${title}: ${inside.replaceAll('\\', '/')}`,
      text: readFileSync(path, 'utf8').replaceAll('\r\n', '\n').trim(),
    };
  });
  return [...own, ...read];
}

/** The notices of all shipped packages that are installed, in plain text. */
export function thirdPartyNotices(packages: readonly LockedPackage[]): string {
  const titlesByText = new Map<string, Set<string>>();
  for (const each of packages) {
    if (!each.isShipped || !existsSync(each.folder)) continue;
    for (const { title, text } of noticesOf(each)) {
      titlesByText.set(text, (titlesByText.get(text) ?? new Set()).add(title));
    }
  }
  const sections = [...titlesByText].map(([text, titles]) => `${RULE}\n${[...titles].join('\n')}\n\n${text}\n`);
  return [HEADER, ...sections].join('\n');
}
