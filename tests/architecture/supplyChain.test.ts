import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { PINNED_LIBRARY } from '@/server/hub/clientLibrary';
import { readPackages } from '@/tools/licences/packages';

const ROOT = new URL('../..', import.meta.url).pathname;
const document = readFileSync(`${ROOT}docs/supply-chain.md`, 'utf8');

it('docs/supply-chain.md lists every entry of the lock file without a hash, and no other', () => {
  const unhashed = readPackages(ROOT).flatMap(({ name, version, hasIntegrity }) =>
    hasIntegrity ? [] : `- \`${name}\` ${version}`,
  );
  const listed = document
    .split('## Without a hash')[1]
    ?.split('\n')
    .filter((line) => line.startsWith('- '));
  expect(listed).toEqual(unhashed);
});

it('docs/supply-chain.md names the lib-jitsi-meet that is installed, with its hash', () => {
  const installed = readPackages(ROOT).find(({ name }) => name === 'lib-jitsi-meet');
  expect(document).toContain(`\`@solyd/lib-jitsi-meet\` ${installed?.version}`);
  expect(document).toContain(PINNED_LIBRARY.sha256);
});
