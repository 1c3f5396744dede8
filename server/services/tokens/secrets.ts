import { createHash, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const ID_LETTERS = 26;

/** A meeting id that can't be guessed: 26 letters of base32, 130 random bits, of MEETING_ID_PATTERN's alphabet. */
export function newMeetingId(): string {
  return Array.from(randomBytes(ID_LETTERS), (byte) => BASE32[byte % BASE32.length]).join('');
}

/** A bearer secret: 256 random bits, base64url. Commands take it as the value of an option, so it begins with no hyphen. */
export function newSecret(): string {
  const secret = randomBytes(32).toString('base64url');
  return secret.startsWith('-') ? newSecret() : secret;
}

/** A person's public id in one meeting: 128 random bits, hex. */
export function newPersonId(): string {
  return randomBytes(16).toString('hex');
}

/** A number used once: 128 random bits, hex. */
export function newNonce(): string {
  return randomBytes(16).toString('hex');
}

/** The form in which secrets are kept: SHA-256, hex. They are random and long, so they need no salt or slow hash. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}

/** An identity's hash, different in every meeting, so that what is kept doesn't link meetings. */
export function hashIdentity(meetingId: string, identity: string): string {
  return hashSecret(`${meetingId}\n${identity}`);
}

/**
 * A secret of the site in a file of the data folder, readable by its owner only and made at the first start. It is written to
 * another file and linked into place, so that no process reads half of it and all processes get the same one.
 * @param name `secret`: signs tokens; `ops-token`: what operators show, where they have set none
 */
export async function readSiteSecret(dataDir: string, name: 'secret' | 'ops-token' = 'secret'): Promise<string> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, name);
  const made = `${path}.${randomBytes(8).toString('hex')}`;
  await writeFile(made, newSecret(), { flag: 'wx', mode: 0o600 });
  await link(made, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(made);
  return readFile(path, 'utf8');
}
