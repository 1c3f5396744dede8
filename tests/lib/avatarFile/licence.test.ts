import { describe, expect, it } from 'vitest';
import { inspectAvatar } from '@/lib/avatarFile/inspectAvatar';
import { makeAvatar } from './madeAvatar';

const termsOf = (kind: 'vrm0' | 'vrm1', meta: object) => inspectAvatar(makeAvatar({ kind, meta })).report;

describe('the licence of an avatar', () => {
  it.each([
    [{ allowedUserName: 'Everyone', licenseName: 'CC0' }, 'free'],
    [{ allowedUserName: 'Everyone', licenseName: 'CC_BY' }, 'free'],
    [{ allowedUserName: 'Everyone', licenseName: 'Redistribution_Prohibited' }, 'permission'],
    [{ allowedUserName: 'OnlyAuthor', licenseName: 'CC0' }, 'permission'],
    [{ allowedUserName: 'ExplicitlyLicensedPerson' }, 'permission'],
    [{}, 'permission'],
  ])('a VRM 0.x licence %o asks for %s', (meta, terms) => {
    expect(termsOf('vrm0', meta).terms).toBe(terms);
  });

  it.each([
    [{ avatarPermission: 'everyone', allowRedistribution: true }, 'free'],
    [{ avatarPermission: 'everyone' }, 'permission'],
    [{ avatarPermission: 'onlyAuthor', allowRedistribution: true }, 'permission'],
    [{}, 'permission'],
  ])('a VRM 1.0 licence %o asks for %s', (meta, terms) => {
    expect(termsOf('vrm1', meta).terms).toBe(terms);
  });

  it.each(['constructor', '__proto__', 'toString'])('a licence for %s is one for its author', (word) => {
    expect(termsOf('vrm0', { allowedUserName: word }).licence.users).toBe('author');
    expect(termsOf('vrm1', { avatarPermission: word }).licence.users).toBe('author');
  });

  it('a GLB without a licence is unstated and asks for nothing', () => {
    expect(inspectAvatar(makeAvatar({ kind: 'mixamo' })).report).toMatchObject({
      terms: 'free',
      licence: { users: 'unstated' },
    });
  });

  it("licence texts are the file's own, without control characters and unsafe addresses", () => {
    const { licence } = termsOf('vrm1', {
      name: 'A\u202Eb\n',
      authors: ['Ana', 7, ''],
      otherLicenseUrl: 'javascript:alert(1)',
    });
    expect(licence).toMatchObject({ title: 'A b', authors: ['Ana'], url: '' });
  });
});
