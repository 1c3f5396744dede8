import { createHash, randomBytes } from 'node:crypto';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';
const ID_LETTERS = 26;

/** A meeting's id nobody can guess: 26 letters of base32, 130 random bits, of MEETING_ID_PATTERN's alphabet. */
export function newMeetingId(): string {
  return Array.from(randomBytes(ID_LETTERS), (byte) => BASE32[byte % BASE32.length]).join('');
}

/** A bearer secret: 256 random bits, base64url. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** A person's public id in one meeting: 128 random bits, hex. */
export function newPersonId(): string {
  return randomBytes(16).toString('hex');
}

/** How secrets are kept: SHA-256, hex. They are random and long, so no salt or slow hash is needed. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret, 'utf8').digest('hex');
}

/** An identity's hash, of its own in every meeting, so that what is kept doesn't link meetings. */
export function hashIdentity(meetingId: string, identity: string): string {
  return hashSecret(`${meetingId}\n${identity}`);
}
