import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { thirdPartyNotices } from '@/tools/licences/notices';
import { readPackages } from '@/tools/licences/packages';
import { licenceProblems } from '@/tools/licences/policy';

const ROOT = new URL('../../..', import.meta.url).pathname;

describe('the licences of the lock file', () => {
  it('all licences of the lock file are allowed', () => {
    expect(licenceProblems(readPackages(ROOT))).toEqual([]);
  });

  const locked = { name: 'made-up', version: '1.0.0', folder: '/nowhere', isShipped: true, hasIntegrity: true };

  it.each(['MIT', 'MIT OR GPL-3.0-only', 'Apache-2.0 AND MIT'])('%s is allowed', (licence) => {
    expect(licenceProblems([{ ...locked, licence }])).toEqual([]);
  });

  it.each([
    'GPL-3.0-only',
    'MIT AND GPL-3.0-only',
    'LGPL-3.0-or-later',
    'SEE LICENSE IN x',
    '(MIT OR ISC)',
    'UNLICENSED',
  ])('%s is refused with what to do', (licence) => {
    expect(licenceProblems([{ ...locked, licence }])).toEqual([
      `made-up 1.0.0 has the licence ${licence}: examine it and add it to tools/licences/policy.ts, or do without it.`,
    ]);
  });

  it('a package without a licence is refused', () => {
    expect(licenceProblems([{ ...locked, licence: null }])).toHaveLength(1);
  });
});

describe('third-party notices', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'parley-licences-'));
  });
  afterEach(() => rmSync(root, { recursive: true }));

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }

  it('the notices name every shipped package that is installed, and what it carries inside, with one copy of each text', () => {
    const packages = {
      '': { version: '1.0.0' },
      'node_modules/a': { version: '1.0.0', license: 'MIT' },
      'node_modules/b': { version: '2.0.0', license: 'MIT' },
      'node_modules/b/node_modules/c': { version: '3.0.0' },
      'node_modules/bare': { version: '4.0.0', license: 'ISC' },
      'node_modules/elsewhere': { version: '5.0.0', license: 'MIT' },
      'node_modules/tool': { version: '6.0.0', license: 'MIT', dev: true },
    };
    write('package-lock.json', JSON.stringify({ packages }));
    write('node_modules/a/LICENSE', 'Text one\n');
    write('node_modules/b/LICENSE.md', 'Text one\r\n');
    write('node_modules/b/dist/inner/license.txt', 'Text two');
    write('node_modules/b/dist/index.js', '');
    write('node_modules/b/node_modules/c/package.json', JSON.stringify({ licenses: [{ type: 'BSD-3-Clause' }] }));
    write('node_modules/b/node_modules/c/COPYING', 'Text three');
    write('node_modules/bare/index.js', '');
    write('node_modules/tool/LICENSE', 'Text four');
    const sections = thirdPartyNotices(readPackages(root)).split(/^-+\n/m).slice(1);
    expect(sections.map((section) => section.trim())).toEqual([
      'a 1.0.0 (MIT)\nb 2.0.0 (MIT)\n\nText one',
      'b 2.0.0 (MIT): dist/inner/license.txt\n\nText two',
      'c 3.0.0 (BSD-3-Clause)\n\nText three',
      'bare 4.0.0 (ISC)\n\nThe package carries no text of its licence, ISC: see https://spdx.org/licenses/ISC.html',
    ]);
  });

  it('the notices contain the fonts, the database and the video client that the site serves or runs', () => {
    const notices = thirdPartyNotices(readPackages(ROOT));
    for (const part of [
      'bricolage-grotesque',
      '@electric-sql/pglite',
      'lib-jitsi-meet 2.7001.1',
      'SIL OPEN FONT LICENSE',
    ]) {
      expect(notices).toContain(part);
    }
  });
});
