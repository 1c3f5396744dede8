import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A package of the lock file. */
export interface LockedPackage {
  /** As imported; a package installed under another name has that one. */
  readonly name: string;
  readonly version: string;
  /** An SPDX expression, or null if the package names none. */
  readonly licence: string | null;
  /** Absolute path of its folder, which need not exist: packages for other platforms are not installed. */
  readonly folder: string;
  /** Whether `npm start` needs it, so that it reaches those who are served. */
  readonly isShipped: boolean;
  /** Whether the lock file holds a hash of its content. */
  readonly hasIntegrity: boolean;
}

interface LockEntry {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
}

/** Before `license` took one expression, packages listed their licences. */
interface OldManifest {
  readonly licenses?: readonly { readonly type?: string }[];
}

const FOLDER = 'node_modules/';

/** The licence that a package's own manifest names in the old way. */
function listedLicence(folder: string): string | null {
  const manifest = join(folder, 'package.json');
  if (!existsSync(manifest)) return null;
  const { licenses } = JSON.parse(readFileSync(manifest, 'utf8')) as OldManifest;
  const types = licenses?.flatMap(({ type }) => type ?? []) ?? [];
  return types.length > 0 ? types.join(' OR ') : null;
}

/** Every package that the lock file below `root` names, by path. */
export function readPackages(root: string): LockedPackage[] {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockEntry>;
  };
  return Object.entries(lock.packages).flatMap(([path, entry]) => {
    if (!path.startsWith(FOLDER)) return [];
    const folder = join(root, path);
    return {
      name: path.slice(path.lastIndexOf(FOLDER) + FOLDER.length),
      version: entry.version ?? '',
      licence: entry.license ?? listedLicence(folder),
      folder,
      isShipped: !entry.dev,
      hasIntegrity: entry.integrity !== undefined,
    };
  });
}
