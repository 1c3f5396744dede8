import { describe, expect, it } from 'vitest';
import { MEETING_ID_PATTERN } from '@/lib/core/meetingId';
import { hashIdentity, hashSecret, newMeetingId, newSecret } from '@/server/services/secrets';

describe('secrets', () => {
  it('make meeting ids of at least 128 bits that are ids', () => {
    const ids = Array.from({ length: 200 }, newMeetingId);
    expect(new Set(ids).size).toBe(200);
    for (const id of ids) {
      expect(id).toMatch(MEETING_ID_PATTERN);
      expect(id.length * Math.log2(32)).toBeGreaterThanOrEqual(128);
    }
    // Every letter of the alphabet turns up: each carries its five bits.
    expect(new Set(ids.join('')).size).toBe(32);
  });

  it('are kept hashed, an identity apart in each meeting', () => {
    const secret = newSecret();
    expect(hashSecret('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
    expect(hashIdentity('one', secret)).not.toBe(hashIdentity('two', secret));
  });
});
