import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseMessage } from 'werift';
import {
  isAuthentic,
  readStun,
  STUN_TYPE,
  writeBindingRequest,
  writeBindingSuccess,
  writeRoleConflict,
} from '@/server/hub/media/ice/stunMessage';

const PASSWORD = 'a password of some length';

function request() {
  return writeBindingRequest({
    transactionId: randomBytes(12),
    username: 'them:us',
    password: PASSWORD,
    priority: 1_862_270_975,
    tieBreaker: Buffer.alloc(8, 0xff),
    nominates: true,
  });
}

/** An IPv6 address with every group, without leading zeros. */
function plain(host: string): string {
  if (!host.includes(':')) return host;
  const [head = '', tail] = host.split('::');
  const groups = (part: string) => (part ? part.split(':') : []);
  const zeros = tail === undefined ? 0 : 8 - groups(head).length - groups(tail).length;
  const all = [...groups(head), ...Array<string>(zeros).fill('0'), ...groups(tail ?? '')];
  return all.map((group) => Number.parseInt(group, 16).toString(16)).join(':');
}

describe('STUN', () => {
  it('H-60 another implementation accepts the STUN requests that are written', () => {
    const message = parseMessage(request(), Buffer.from(PASSWORD));
    expect(message?.getAttributeValue('USERNAME')).toBe('them:us');
    expect(message?.attributesKeys).toContain('USE-CANDIDATE');
    expect(message?.attributesKeys).toContain('FINGERPRINT');
  });

  it.each([
    ['192.0.2.17', '192.0.2.17'],
    ['::1', '0:0:0:0:0:0:0:1'],
    ['2001:db8::42:7', '2001:db8:0:0:0:0:42:7'],
    ['fe80::1%eth0', 'fe80:0:0:0:0:0:0:1'],
    ['::ffff:1.2.3.4', '0:0:0:0:0:ffff:102:304'],
  ])('H-60 a client is told its address %s', (address, told) => {
    const data = writeBindingSuccess(randomBytes(12), { address, port: 54_321 }, PASSWORD);
    const message = parseMessage(data, Buffer.from(PASSWORD));
    const [host, port] = message!.getAttributeValue('XOR-MAPPED-ADDRESS');
    expect([plain(host), port]).toEqual([told, 54_321]);
  });

  it('H-60 a role conflict is answered with 487', () => {
    const message = parseMessage(writeRoleConflict(randomBytes(12), PASSWORD), Buffer.from(PASSWORD));
    expect(message?.getAttributeValue('ERROR-CODE')[0]).toBe(487);
  });

  it('H-62 a STUN message is authentic only with the password and unaltered', () => {
    const data = request();
    const message = readStun(data);
    expect(message).toMatchObject({ type: STUN_TYPE.request, username: 'them:us', isControlling: true });
    expect(isAuthentic(data, message!, PASSWORD)).toBe(true);
    expect(isAuthentic(data, message!, 'another')).toBe(false);
    data[25]! ^= 1;
    expect(isAuthentic(data, readStun(data)!, PASSWORD)).toBe(false);
  });

  it('H-75 any bytes can be read as STUN without harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 160 }), fc.boolean(), (bytes, looksRight) => {
        const data = Buffer.from(bytes);
        if (looksRight && data.length >= 20) {
          data.writeUInt16BE(data.length - 20, 2);
          data.writeUInt32BE(0x2112a442, 4);
        }
        const message = readStun(data);
        if (message) expect(isAuthentic(data, message, PASSWORD)).toBe(false);
      }),
      { numRuns: 2_000 },
    );
  });
});
