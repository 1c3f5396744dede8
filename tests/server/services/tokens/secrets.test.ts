import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MEETING_ID_PATTERN } from '@/lib/core/meetingId';
import { hashIdentity, hashSecret, newMeetingId, newSecret, readSiteSecret } from '@/server/services/tokens/secrets';

describe('secrets', () => {
  it('generated meeting ids are valid and have at least 128 bits', () => {
    const ids = Array.from({ length: 200 }, newMeetingId);
    expect(new Set(ids).size).toBe(200);
    for (const id of ids) {
      expect(id).toMatch(MEETING_ID_PATTERN);
      expect(id.length * Math.log2(32)).toBeGreaterThanOrEqual(128);
    }
    // Every letter of the alphabet occurs, so each carries its five bits.
    expect(new Set(ids.join('')).size).toBe(32);
  });

  it('no secret begins with a hyphen, which commands would take for an option', () => {
    const first = new Set(Array.from({ length: 4000 }, () => newSecret()[0]));
    // All the other letters of base64url.
    expect(first.size).toBe(63);
    expect(first).not.toContain('-');
  });

  it('secrets are hashed, an identity differently in each meeting', () => {
    const secret = newSecret();
    expect(hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(hashIdentity('one', secret)).not.toBe(hashIdentity('two', secret));
  });
});

describe('readSiteSecret', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parley-secret-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('the site secret is made once, readable by its owner only', async () => {
    const data = join(folder, 'deep', 'data');
    const secret = await readSiteSecret(data);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
    expect(await readSiteSecret(data)).toBe(secret);
    expect((await stat(join(data, 'secret'))).mode & 0o777).toBe(0o600);
  });

  it('concurrent first starts get the same site secret and leave nothing behind', async () => {
    const secrets = await Promise.all(Array.from({ length: 10 }, () => readSiteSecret(folder)));
    expect(new Set(secrets).size).toBe(1);
    expect(await readdir(folder)).toEqual(['secret']);
  });
});
