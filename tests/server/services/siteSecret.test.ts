import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readSiteSecret } from '@/server/services/siteSecret';

describe('readSiteSecret', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-secret-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('makes one, readable by its owner only, and gives the same ever after', async () => {
    const data = join(folder, 'deep', 'data');
    const secret = await readSiteSecret(data);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(await readSiteSecret(data)).toBe(secret);
    expect((await stat(join(data, 'secret'))).mode & 0o777).toBe(0o600);
  });

  it('gives everybody the same at the first start, and leaves nothing behind', async () => {
    const secrets = await Promise.all(Array.from({ length: 10 }, () => readSiteSecret(folder)));
    expect(new Set(secrets).size).toBe(1);
    expect(await readdir(folder)).toEqual(['secret']);
  });
});
