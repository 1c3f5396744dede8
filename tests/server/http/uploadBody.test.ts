import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { HttpRefusal } from '@/server/http/refusals';
import { discardRest, readUpload, type UploadLimits } from '@/server/http/uploadBody';

const LIMITS: UploadLimits = { maxBytes: 300_000, deadlineMs: 60_000, minBytesPerS: 0, graceMs: 0, lookMs: 5 };

describe('reading an upload', () => {
  let server: Server;
  let limits = LIMITS;
  /** How the latest request ended. */
  let outcome: Promise<Uint8Array | HttpRefusal>;
  let arrived: Promise<void>;

  beforeEach(async () => {
    limits = LIMITS;
    let arrive = () => {};
    arrived = new Promise((resolve) => (arrive = resolve));
    server = createServer((incoming, response) => {
      outcome = readUpload(incoming, limits).catch((error: HttpRefusal) => error);
      void outcome.then(() => response.end());
      arrive();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  function post(headers: Record<string, number> = {}) {
    const { port } = server.address() as AddressInfo;
    const sending = request({ port, method: 'POST', headers });
    sending.on('error', () => {});
    return sending;
  }

  it.each([true, false])('a body arrives whole, with its length declared: %s', async (isDeclared) => {
    const body = Uint8Array.from({ length: 250_000 }, (_, index) => index % 251);
    const sending = post(isDeclared ? { 'content-length': body.length } : {});
    for (let at = 0; at < body.length; at += 50_000) sending.write(body.subarray(at, at + 50_000));
    sending.end();
    await arrived;
    expect(Buffer.compare(Buffer.from((await outcome) as Uint8Array), body)).toBe(0);
  });

  it.each([true, false])('a body that is too large is refused, with its length declared: %s', async (isDeclared) => {
    const sending = post(isDeclared ? { 'content-length': 400_000 } : {});
    sending.write(new Uint8Array(400_000));
    await arrived;
    expect(await outcome).toMatchObject({ code: 'PAYLOAD_TOO_LARGE' });
  });

  it('a body that is cut off is never handed on', async () => {
    const sending = post({ 'content-length': 1000 });
    sending.write(new Uint8Array(999));
    await arrived;
    sending.destroy();
    expect(await outcome).toMatchObject({ code: 'BAD_REQUEST', reason: 'badInput' });
  });

  it('a chunked body that is cut off is never handed on', async () => {
    const sending = post();
    sending.write(new Uint8Array(999));
    await arrived;
    sending.destroy();
    expect(await outcome).toMatchObject({ code: 'BAD_REQUEST' });
  });

  it('a body that has not come by the deadline is refused', async () => {
    limits = { ...LIMITS, deadlineMs: 20 };
    post({ 'content-length': 1000 }).write('x');
    await arrived;
    expect(await outcome).toMatchObject({ code: 'TIMEOUT', data: { avatarReason: 'slow' } });
  });

  it('a body that comes too slowly is refused long before the deadline', async () => {
    limits = { ...LIMITS, minBytesPerS: 1_000_000, graceMs: 10 };
    const sending = post({ 'content-length': 1000 });
    sending.write('x');
    await arrived;
    expect(await outcome).toMatchObject({ code: 'TIMEOUT' });
  });

  it('a body that keeps the least rate is not refused', async () => {
    limits = { ...LIMITS, minBytesPerS: 1, graceMs: 0 };
    const sending = post({ 'content-length': 1000 });
    sending.write(new Uint8Array(900));
    await arrived;
    await sleep(50);
    sending.end(new Uint8Array(100));
    expect(await outcome).toHaveLength(1000);
  });

  it.each([
    ['has come whole', 1000, 1000, 60_000, 60_000],
    ['is too much', 900, 200, 60_000, 60_000],
    ['takes too long', 900, 1000, 20, 60_000],
    ['no longer comes', 900, 1000, 60_000, 20],
  ])('the rest of a body is discarded until it %s', async (_what, sentBytes, maxBytes, deadlineMs, quietMs) => {
    const discarded = new Promise<void>((resolve) => {
      server.removeAllListeners('request');
      server.on('request', (incoming, response) => {
        void discardRest(incoming, { maxBytes, deadlineMs, quietMs }).then(() => {
          response.end();
          resolve();
        });
      });
    });
    const sending = post({ 'content-length': 1000 });
    sending.write(new Uint8Array(sentBytes));
    await discarded;
  });
});
