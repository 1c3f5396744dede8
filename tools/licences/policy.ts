import type { LockedPackage } from './packages';

/** Licences under which a package may be passed on beside Apache-2.0, by SPDX id. */
const ALLOWED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
  'OFL-1.1',
  'Unlicense',
  // Asks for changed files of its own to stay open: these packages are used unchanged.
  'MPL-2.0',
]);

/** Packages with another licence, or none in their manifest, that were looked at one by one. */
const EXAMINED: readonly { readonly name: RegExp; readonly licence: string | null; readonly why: string }[] = [
  { name: /^caniuse-lite$/, licence: 'CC-BY-4.0', why: 'data for builds, named in the notices' },
  {
    name: /^@img\/sharp-/,
    licence: 'LGPL-3.0-or-later',
    why: 'a shared library that Next may load, exchangeable, and never called: images are not resized here',
  },
  { name: /^webgl-constants$/, licence: null, why: 'its LICENSE file is MIT' },
];

function isAllowed(name: string, licence: string): boolean {
  return ALLOWED.has(licence) || EXAMINED.some((each) => each.licence === licence && each.name.test(name));
}

/** Whether one of the alternatives holds, all parts of it. Brackets, which no package has so far, are not understood. */
function isFine({ name, licence }: LockedPackage): boolean {
  if (licence === null) return EXAMINED.some((each) => each.licence === null && each.name.test(name));
  return licence.split(' OR ').some((all) => all.split(' AND ').every((id) => isAllowed(name, id.trim())));
}

/** A sentence for each package whose licence nobody has allowed. */
export function licenceProblems(packages: readonly LockedPackage[]): string[] {
  return packages
    .filter((each) => !isFine(each))
    .map(({ name, version, licence }) => {
      const what = licence === null ? 'names no licence' : `has the licence ${licence}`;
      return `${name} ${version} ${what}: examine it and add it to tools/licences/policy.ts, or do without it.`;
    });
}
