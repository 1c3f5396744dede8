import { describe, expect, it } from 'vitest';
import { RecordingRights, subjectOf } from '@/server/services/tokens/recordingRights';
import { ManualClock } from '@/tests/support/manualClock';

const DAY_MS = 86_400_000;
const ID = '0123456789abcdef0123456789abcdef';

describe('rights to recordings', () => {
  const clock = new ManualClock(Date.UTC(2030, 0, 1, 18));
  const rights = new RecordingRights('a secret of the site', clock);

  it('a right is one of its kind, subject, meeting and site, and of no other', () => {
    const { right } = rights.grant('watch', ID, 7);
    expect(rights.check('watch', ID, right)).toBe('valid');
    expect(rights.check('manage', ID, right)).toBe('invalid');
    expect(rights.check('watch', ID.replace('0', '1'), right)).toBe('invalid');
    expect(rights.check('watch', ID, right, 'bound')).toBe('invalid');
    expect(new RecordingRights('another site', clock).check('watch', ID, right)).toBe('invalid');
    const bound = rights.grant('record', 'weekly', 1, { bound: 'the host’s hash' }).right;
    expect(rights.check('record', 'weekly', bound, 'the host’s hash')).toBe('valid');
    expect(rights.check('record', 'weekly', bound, 'the next host’s hash')).toBe('invalid');
  });

  it('a right stands in a path as it is, and names its subject', () => {
    const { right } = rights.grant('watch', ID, 7);
    expect(encodeURIComponent(right)).toBe(right);
    expect(subjectOf(right)).toBe(ID);
    for (const text of ['', ID, `${ID}.a`, `${right}x`, `../${right}`]) expect(subjectOf(text)).toBeNull();
  });

  it('everybody who gets a right on one day gets the same text, and it lasts at least as long as asked', () => {
    const evening = rights.grant('watch', ID, 2);
    clock.advance(5 * 3_600_000);
    const night = rights.grant('watch', ID, 2);
    expect(night).toEqual(evening);
    expect(evening.expiresAtMs).toBe(Date.UTC(2030, 0, 4));
    clock.advance(evening.expiresAtMs - clock.nowMs() - 1);
    expect(rights.check('watch', ID, evening.right)).toBe('valid');
    clock.advance(1);
    expect(rights.check('watch', ID, evening.right)).toBe('expired');
    expect(rights.grant('watch', ID, 2).right).not.toBe(evening.right);
    clock.advance(-2 * DAY_MS);
  });

  it('a right that comes from another ends with that at the latest', () => {
    const parent = rights.grant('manage', ID, 2);
    const shorter = rights.grant('watch', ID, 1, { from: parent.right });
    expect(shorter.expiresAtMs).toBe(parent.expiresAtMs - DAY_MS);
    const longer = rights.grant('manage', ID, 365, { from: parent.right });
    expect(longer).toEqual(parent);
    clock.advance(DAY_MS);
    expect(rights.grant('manage', ID, 365, { from: longer.right })).toEqual(parent);
    clock.advance(-DAY_MS);
    expect(rights.grant('watch', ID, 1, { from: 'no right' }).expiresAtMs).toBeLessThan(clock.nowMs());
  });

  it('a right with any letter changed is invalid', () => {
    const { right } = rights.grant('watch', ID, 7);
    for (let at = 0; at < right.length; at += 1) {
      const changed = right.slice(0, at) + (right[at] === 'b' ? 'c' : 'b') + right.slice(at + 1);
      expect(rights.check('watch', ID, changed)).toBe('invalid');
    }
  });
});
