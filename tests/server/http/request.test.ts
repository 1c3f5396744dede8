import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { callerAddress, isForeign, siteOrigin, webSocketOrigin } from '@/server/http/request';

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
    expect(siteOrigin(from(headers as unknown as Headers), { publicUrl: null, trustProxy: false })).toBe(expected);
  });

  it('the site origin follows the forwarded host and protocol of a trusted proxy', () => {
    expect(siteOrigin(from(FORWARDED), { publicUrl: null, trustProxy: true })).toBe('https://meet.example.org');
  });

  it('the site origin is the public one if it is set', () => {
    const site = { publicUrl: 'https://meet.example.org', trustProxy: false };
    expect(siteOrigin(from({ host: 'inner' }), site)).toBe('https://meet.example.org');
  });

  it('the site origin is https over an encrypted connection', () => {
    expect(siteOrigin(from({ host: 'site' }, { encrypted: true }), { publicUrl: null, trustProxy: false })).toBe(
      'https://site',
    );
  });
});

describe('callerAddress', () => {
  it('the caller address is the one that a trusted proxy saw, never one that the caller claims', () => {
    expect(callerAddress(from(FORWARDED), true)).toBe('203.0.113.7');
    expect(callerAddress(from({ 'x-forwarded-for': ' ' }), true)).toBe('198.51.100.1');
    expect(callerAddress(from(FORWARDED), false)).toBe('198.51.100.1');
  });
});

describe('isForeign', () => {
  const site = { publicUrl: 'https://meet.example.org', trustProxy: false };

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
    expect(webSocketOrigin(from(headers as Headers), { publicUrl, trustProxy: false })).toBe(expected);
  });

  it.each([
    ['says https', { host: 'meet.example', 'x-forwarded-proto': 'https, http' }, 'wss://meet.example'],
    ['says wss', { host: 'meet.example', 'x-forwarded-proto': 'wss' }, 'wss://meet.example'],
    ['says http, even for a secure page', { host: 'h', origin: 'https://h', 'x-forwarded-proto': 'http' }, 'ws://h'],
    ['names the host', FORWARDED, 'wss://meet.example.org'],
  ])('H-22 the WebSocket origin follows a trusted proxy that %s', (_name, headers, expected) => {
    expect(webSocketOrigin(from(headers as Headers), { publicUrl: null, trustProxy: true })).toBe(expected);
  });
});
