import { expect, it } from 'vitest';
import { isPrivateAddress } from '@/server/outbox/privateAddresses';

it.each([
  '127.0.0.1',
  '127.255.0.9',
  '10.1.2.3',
  '172.31.255.255',
  '192.168.0.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '224.0.0.1',
  '255.255.255.255',
  '::1',
  '::',
  'fe80::1',
  'fd00::1',
  'ff02::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '::ffff:a9fe:a9fe',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  '::ffff:0:7f00:1',
  'fec0::1',
  '3fff::1',
  '5f00::1',
  '192.88.99.1',
  'localhost',
  '',
])('%s is not on the public internet', (address) => {
  expect(isPrivateAddress(address)).toBe(true);
});

it.each(['1.1.1.1', '172.32.0.1', '100.128.0.1', '8.8.8.8', '2606:4700::1111', '::ffff:1.1.1.1'])(
  '%s is on the public internet',
  (address) => {
    expect(isPrivateAddress(address)).toBe(false);
  },
);
