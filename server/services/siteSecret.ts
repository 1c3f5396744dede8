import { randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The site's own secret, kept in `<dataDir>/secret` (readable by its owner only) and made at the first start. Written
 * aside and linked into place, so that nobody ever reads half of it and of two processes both get the same.
 */
export async function readSiteSecret(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true });
  const path = join(dataDir, 'secret');
  const made = `${path}.${randomBytes(8).toString('hex')}`;
  await writeFile(made, randomBytes(32).toString('base64url'), { flag: 'wx', mode: 0o600 });
  await link(made, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(made);
  return readFile(path, 'utf8');
}
