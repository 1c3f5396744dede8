import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  callerAddress,
  isForeign,
  namesAnotherSite,
  parseAddress,
  siteOrigin,
  webSocketOrigin,
} from '@/server/http/request';

type Headers = Readonly<Record<string, string>>;

const from = (headers: Headers, socket: object = { remoteAddress: '198.51.100.1' }) =>
  ({ headers, socket }) as unknown as IncomingMessage;

const FORWARDED = {
  host: 'inner:3000',
  'x-forwarded-proto': 'https, http',
  'x-forwarded-host': 'meet.example.org',
  'x-forwarded-for': '203.0.113.66, 203.0.113.7',
};

describe('siteOrigin', () => {
  it.each([
    ['the Host header', { host: 'Meet.example:8443' }, 'http://meet.example:8443'],
    ['an IPv6 host', { host: '[::1]:3000' }, 'http://[::1]:3000'],
    ['no host', {}, null],
    ['an invalid host', { host: 'a/b?c' }, null],
    ['an invalid port', { host: 'a:99999' }, null],
    ['the Host header despite untrusted forwarded headers', FORWARDED, 'http://inner:3000'],
  ])('the site origin follows %s', (_name, headers, expected) => {
    expect(siteOrigin(from(headers as unknown as Headers), { publicUrl: null, proxyHops: 0 })).toBe(expected);
  });

  it('the site origin follows the forwarded host and protocol of a trusted proxy', () => {
    expect(siteOrigin(from(FORWARDED), { publicUrl: null, proxyHops: 1 })).toBe('https://meet.example.org');
  });

  it('the site origin is the public one if it is set', () => {
    const site = { publicUrl: 'https://meet.example.org', proxyHops: 0 };
    expect(siteOrigin(from({ host: 'inner' }), site)).toBe('https://meet.example.org');
  });

  it('the site origin is https over an encrypted connection', () => {
    expect(siteOrigin(from({ host: 'site' }, { encrypted: true }), { publicUrl: null, proxyHops: 0 })).toBe(
      'https://site',
    );
  });
});

describe('callerAddress', () => {
  it('the caller address is the one that a trusted proxy saw, never one that the caller claims', () => {
    expect(callerAddress(from(FORWARDED), 1)).toBe('203.0.113.7');
    expect(callerAddress(from({ 'x-forwarded-for': ' ' }), 1)).toBe('198.51.100.1');
    expect(callerAddress(from(FORWARDED), 0)).toBe('198.51.100.1');
  });
});

describe('callerAddress behind several proxies', () => {
  const listed = (list: string, hops: number) => callerAddress(from({ 'x-forwarded-for': list }), hops);

  it('the caller address is the one that the outermost trusted proxy saw', () => {
    expect(listed('203.0.113.66, 203.0.113.7, 10.0.0.2', 2)).toBe('203.0.113.7');
    expect(listed('203.0.113.7', 2)).toBe('203.0.113.7');
  });

  it('a port does not make a caller of its own', () => {
    expect(listed('203.0.113.7:4711', 1)).toBe('203.0.113.7');
    expect(listed('203.0.113.7:4712', 1)).toBe('203.0.113.7');
    expect(listed('[2001:DB8::7]:4711', 1)).toBe('2001:db8::7');
    expect(listed('"[2001:db8::7]:4711"', 1)).toBe('2001:db8::7');
  });

  it.each(['unknown', '_hidden', '203.0.113', '203.0.113.7:99999999', '[::1', 'a'.repeat(8_000), '<script>'])(
    'what is no address counts as the proxy that passed it on: %s',
    (junk) => {
      expect(listed(junk, 1)).toBe('198.51.100.1');
    },
  );

  it('an IPv4 address is the same in the form of IPv6', () => {
    expect(listed('::ffff:203.0.113.7', 1)).toBe('203.0.113.7');
    expect(callerAddress(from({}, { remoteAddress: '::ffff:127.0.0.1' }), 0)).toBe('127.0.0.1');
  });

  it('whatever an entry says, its address is valid or null', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.ipV4(), fc.ipV6()), (entry) => {
        const address = parseAddress(entry);
        expect(address === null || isIP(address) > 0).toBe(true);
      }),
    );
  });
});

describe('namesAnotherSite', () => {
  const PUBLIC = { publicUrl: 'https://meet.example.org', proxyHops: 0 };
  const NEAR = { remoteAddress: '127.0.0.1' };
  const names = (host: string, site = PUBLIC, socket?: object) => namesAnotherSite(from({ host }, socket), site);

  it.each(['meet.example.org', 'Meet.Example.org:443', 'meet.example.org:8443'])(
    'the public name is the site itself: %s',
    (host) => expect(names(host)).toBe(false),
  );

  it.each(['evil.example', 'meet.example.org.evil.example', '198.51.100.9', 'a/b', ''])(
    'any other name is another site: %s',
    (host) => expect(names(host)).toBe(true),
  );

  it('only a proxy or probe on the same machine may name the machine', () => {
    expect(names('localhost:3000', PUBLIC, NEAR)).toBe(false);
    expect(names('[::1]:3000', PUBLIC, { remoteAddress: '::1' })).toBe(false);
    expect(names('evil.example', PUBLIC, NEAR)).toBe(true);
    expect(names('localhost:3000')).toBe(true);
  });

  it('the host that a trusted proxy forwards counts', () => {
    const headers = { host: 'inner:3000', 'x-forwarded-host': 'meet.example.org' };
    expect(namesAnotherSite(from(headers), { ...PUBLIC, proxyHops: 1 })).toBe(false);
    expect(namesAnotherSite(from(headers), PUBLIC)).toBe(true);
  });

  it('without a public address every host name is accepted', () => {
    expect(names('anything', { publicUrl: null as unknown as string, proxyHops: 0 })).toBe(false);
  });
});

describe('isForeign', () => {
  const site = { publicUrl: 'https://meet.example.org', proxyHops: 0 };

  it.each([
    [{ host: 'site', origin: 'http://site' }, false],
    [{ host: 'site', origin: 'https://meet.example.org' }, false],
    [{ host: 'site', origin: 'https://evil.example' }, true],
    [{ host: 'a/b', origin: 'null' }, true],
    [{ host: 'site', 'sec-fetch-site': 'cross-site' }, true],
    [{ host: 'site', 'sec-fetch-site': 'same-origin' }, false],
    [{ host: 'site' }, false],
  ])('a request with %o is foreign: %s', (headers, expected) => {
    expect(isForeign(from(headers as Headers), site)).toBe(expected);
  });
});

describe('webSocketOrigin', () => {
  it.each([
    ['the Host header', { host: 'meet.example:8443' }, null, 'ws://meet.example:8443'],
    ['a secure page', { host: 'meet.example', origin: 'https://meet.example' }, null, 'wss://meet.example'],
    ['an IPv6 host', { host: '[::1]:3000' }, null, 'ws://[::1]:3000'],
    ['the public address', { host: 'inner' }, 'https://meet.example/path', 'wss://meet.example'],
    ['no host', {}, null, null],
    ['an invalid host', { host: 'a/b?c' }, null, null],
    ['the Host header despite an untrusted proxy', { host: 'h', 'x-forwarded-proto': 'https' }, null, 'ws://h'],
  ])('H-22 the WebSocket origin follows %s', (_name, headers, publicUrl, expected) => {
    expect(webSocketOrigin(from(headers as Headers), { publicUrl, proxyHops: 0 })).toBe(expected);
  });

  it.each([
    ['says https', { host: 'meet.example', 'x-forwarded-proto': 'https, http' }, 'wss://meet.example'],
    ['says wss', { host: 'meet.example', 'x-forwarded-proto': 'wss' }, 'wss://meet.example'],
    ['says http, even for a secure page', { host: 'h', origin: 'https://h', 'x-forwarded-proto': 'http' }, 'ws://h'],
    ['names the host', FORWARDED, 'wss://meet.example.org'],
  ])('H-22 the WebSocket origin follows a trusted proxy that %s', (_name, headers, expected) => {
    expect(webSocketOrigin(from(headers as Headers), { publicUrl: null, proxyHops: 1 })).toBe(expected);
  });
});
