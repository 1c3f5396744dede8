import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callerKey } from '@/server/services/callerKey';

describe('callerKey', () => {
  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['::ffff:203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:aaaa::1', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002:ffff:ffff:ffff:ffff', '2001:db8:1:2::/64'],
    ['2001:db8::1', '2001:db8:0:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['', ''],
  ])('%s counts as %s', (ip, key) => {
    expect(callerKey(ip)).toBe(key);
  });

  it('counts a whole /64 as one, however it is written', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff), { minLength: 4, maxLength: 4 }), fc.ipV6(), (prefix, other) => {
        const written = prefix.map((group) => group.toString(16)).join(':');
        expect(callerKey(`${written}::1`)).toBe(callerKey(`${written}:1:2:3:4`));
        expect(callerKey(other)).not.toBe('');
      }),
    );
  });
});
