import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createParleyClient } from '@/lib/api';
import { silentLog } from '@/lib/core/log';
import { AvatarFiles } from '@/server/files/avatarFiles';
import { AvatarService } from '@/server/services/avatarService';
import { AvatarInspector } from '@/server/services/inspection/avatarInspector';
import { MeetingError } from '@/server/services/meetings/meetingError';
import type { StayInput } from '@/server/services/meetings/meetingService';
import { RATES, RateLimits } from '@/server/services/rateLimits';
import { AvatarStore, removeAvatar } from '@/server/store/avatarStore';
import { makeAvatar } from '@/tests/lib/avatarFile/madeAvatar';
import { ManualClock } from '@/tests/support/manualClock';
import { heavyAvatar } from '@/tools/bench/scene/heavyAvatar';

const MADE = makeAvatar({ kind: 'vrm1' });
const ONLY_AUTHOR = makeAvatar({ kind: 'vrm1', meta: { avatarPermission: 'onlyAuthor' } });
const GLB: Record<string, string> = { 'content-type': 'model/gltf-binary' };

const STAY = { id: 'table', stayToken: 'a-stay' };
const QUERY = `?meeting=${STAY.id}`;
const HEADERS = { ...GLB, authorization: `Bearer ${STAY.stayToken}` };

function requireStay(id: string, stayToken: string): void {
  if (id !== STAY.id || stayToken !== STAY.stayToken) throw MeetingError.tokenExpired();
}

describe('custom avatars over HTTP', () => {
  const inspector = new AvatarInspector({ log: silentLog, workMaxMs: 60_000 });
  let folder: string;
  let server: Server;
  let url: string;
  let service: AvatarService;
  const clock = new ManualClock(0);

  async function serve(totalMaxBytes: number) {
    const store = await AvatarStore.open(folder, totalMaxBytes);
    const findWorn = async () => [];
    service = new AvatarService({ store, limits: new RateLimits(clock), inspector, findWorn });
    const meetings = { heartbeat: async ({ id, stayToken }: StayInput) => requireStay(id, stayToken) };
    const site = { publicUrl: null, proxyHops: 1, log: silentLog };
    const files = new AvatarFiles({ avatars: service, meetings, ...site });
    server = createServer((request, response) => {
      if (!files.handleRequest(request, response)) response.writeHead(421).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'parley-avatars-'));
    await serve(50_000_000);
  });

  afterEach(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true });
  });

  afterAll(() => inspector.close());

  const post = (body: Uint8Array<ArrayBuffer>, headers: Record<string, string> = HEADERS, query = QUERY) =>
    fetch(`${url}/api/avatars${query}`, { method: 'POST', headers, body });
  const upload = (bytes: Uint8Array<ArrayBuffer>, hasPermission?: boolean) =>
    createParleyClient({ url }).avatar.upload(bytes, { hasPermission, stay: STAY });

  it('an uploaded avatar is served under its hash, immutable', async () => {
    const stored = await upload(MADE);
    expect(stored).toMatchObject({
      isNew: true,
      sizeBytes: MADE.length,
      avatar: expect.stringMatching(/^own:[0-9a-f]{64}$/),
    });
    const sha256 = stored.avatar.slice(4);
    const got = await fetch(`${url}/avatars/${sha256}.glb`);
    expect(new Uint8Array(await got.arrayBuffer())).toEqual(MADE);
    expect(Object.fromEntries(got.headers)).toMatchObject({
      'content-type': 'model/gltf-binary',
      'cache-control': 'public, max-age=31536000, immutable',
      'x-content-type-options': 'nosniff',
      'content-length': String(MADE.length),
      etag: `"${sha256}"`,
    });
    const again = await fetch(`${url}/avatars/${sha256}.glb`, { headers: { 'if-none-match': `"${sha256}"` } });
    expect(again.status).toBe(304);
    const head = await fetch(`${url}/avatars/${sha256}.glb`, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(MADE.length)]);
  });

  it('the same avatar is stored once', async () => {
    const [first, second] = [await upload(MADE), await upload(MADE)];
    expect(second).toEqual({ ...first, isNew: false });
    expect(readdirSync(folder)).toEqual([`${first.avatar.slice(4)}.glb`]);
  });

  it('an unknown hash is answered 404, and other paths are passed on', async () => {
    expect((await fetch(`${url}/avatars/${'0'.repeat(64)}.glb`)).status).toBe(404);
    expect((await fetch(`${url}/avatars/..%2Fsecret`)).status).toBe(421);
    expect((await fetch(`${url}/avatars/${'0'.repeat(64)}.glb`, { method: 'DELETE' })).status).toBe(421);
  });

  it('a file that is no avatar, broken or too heavy is refused with the reason and not stored', async () => {
    await expect(upload(new Uint8Array(64))).rejects.toMatchObject({ reason: 'badInput', avatarReason: 'container' });
    await expect(upload(MADE.slice(0, 900))).rejects.toMatchObject({ reason: 'badInput', avatarReason: 'container' });
    const heavy = Uint8Array.from(heavyAvatar());
    await expect(upload(heavy)).rejects.toMatchObject({ reason: 'badInput', avatarReason: 'tooHeavy' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('an avatar whose licence asks for permission needs it', async () => {
    await expect(upload(ONLY_AUTHOR)).rejects.toMatchObject({ reason: 'forbidden', avatarReason: 'licence' });
    expect(await upload(ONLY_AUTHOR, true)).toMatchObject({ isNew: true });
  });

  it('an upload stops at ten megabytes, with or without a content length', async () => {
    expect((await post(new Uint8Array(10_000_001))).status).toBe(413);
    // Far more than is accepted, but not endless: what the server leaves unread is buffered in this process.
    let left = 40;
    const chunked = new ReadableStream({
      pull: (stream) => {
        stream.enqueue(new Uint8Array(1 << 20));
        left -= 1;
        if (left === 0) stream.close();
      },
    });
    const sending = fetch(`${url}/api/avatars${QUERY}`, {
      method: 'POST',
      headers: HEADERS,
      body: chunked,
      duplex: 'half',
    } as RequestInit);
    // The connection may close before the answer arrives, which is as good.
    const status = await sending.then(
      (answer) => answer.status,
      () => 413,
    );
    expect(status).toBe(413);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('uploads from other sites and forms are refused', async () => {
    expect((await post(MADE, { ...HEADERS, origin: 'https://elsewhere.example' })).status).toBe(403);
    expect((await post(MADE, { ...HEADERS, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect((await post(MADE, { ...HEADERS, origin: url })).status).toBe(201);
    expect((await post(MADE, { ...HEADERS, 'content-type': 'text/plain' })).status).toBe(415);
    expect((await fetch(`${url}/api/avatars`)).status).toBe(405);
  });

  it('uploads per address are limited', async () => {
    for (let i = 0; i < RATES.upload.burst; i += 1) await post(MADE);
    const refused = await post(MADE);
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    await expect(upload(MADE)).rejects.toMatchObject({ reason: 'tooManyRequests', retryAfterMs: 30_000 });
    clock.advance(30_000);
    expect((await post(MADE)).status).toBe(200);
  });

  it('an upload is refused when there is no room left', async () => {
    server.close();
    await serve(MADE.length + 10);
    await upload(MADE);
    await expect(upload(makeAvatar({ kind: 'mixamo' }))).rejects.toMatchObject({ reason: 'unavailable' });
  });

  it('only stored custom avatars can be used', async () => {
    const { avatar } = await upload(MADE);
    await expect(service.wear(avatar)).resolves.toBeUndefined();
    await expect(service.wear('ada')).resolves.toBeUndefined();
    await expect(service.wear(`own:${'0'.repeat(64)}`)).rejects.toMatchObject({ reason: 'badInput' });
  });

  it('an upload that is refused before it has come is told why', async () => {
    // More than the connection holds, so that the client is still sending when it is refused.
    const large = new Uint8Array(9_000_000);
    for (let i = 0; i < 10; i += 1) expect((await post(large, GLB)).status).toBe(401);
  });

  it('only people in a meeting can upload', async () => {
    expect((await post(MADE, GLB)).status).toBe(401);
    expect((await post(MADE, HEADERS, '')).status).toBe(401);
    expect((await post(MADE, HEADERS, '?meeting=elsewhere')).status).toBe(401);
    const old = createParleyClient({ url }).avatar.upload(MADE, { stay: { ...STAY, stayToken: 'old' } });
    await expect(old).rejects.toMatchObject({ reason: 'tokenExpired' });
    expect(readdirSync(folder)).toEqual([]);
  });

  it('an address that holds its slots with slow bodies is refused more, and others are not', async () => {
    const { hostname, port } = new URL(url);
    const begin = (address: string) => {
      const headers = { ...HEADERS, 'content-length': 1000, 'x-forwarded-for': address };
      const sending = request({ hostname, port, path: `/api/avatars${QUERY}`, method: 'POST', headers });
      const answer = new Promise<number>((resolve) => sending.on('response', ({ statusCode }) => resolve(statusCode!)));
      sending.on('error', () => {});
      sending.flushHeaders();
      return answer;
    };
    const answers = Array.from({ length: 6 }, () => begin('198.18.0.1'));
    // Two are waited for; the others are answered at once.
    const statuses: number[] = [];
    for (const answer of answers) void answer.then((status) => statuses.push(status));
    await vi.waitFor(() => expect(statuses).toEqual([429, 429, 429, 429]), { timeout: 10_000 });
    expect((await post(MADE, { ...HEADERS, 'x-forwarded-for': '198.18.0.2' })).status).toBe(201);
  });

  it('the bytes that an address brings are limited, but not those that are known already', async () => {
    const sizeBytes = RATES.uploadBytes.burst - MADE.length - 10;
    const limits = new RateLimits(clock);
    limits.admit('uploadBytes', '198.18.0.3', sizeBytes);
    const store = await AvatarStore.open(folder, 50_000_000);
    const counted = new AvatarService({ store, limits, inspector, findWorn: async () => [] });
    const keep = (bytes: Uint8Array<ArrayBuffer>) =>
      counted.keep({ bytes: bytes.slice(), isPermitted: true, ip: '198.18.0.3' });
    const other = makeAvatar({ kind: 'mixamo' });
    await expect(keep(MADE)).resolves.toMatchObject({ isNew: true });
    await expect(keep(other)).rejects.toMatchObject({ reason: 'tooManyRequests' });
    await expect(keep(MADE)).resolves.toMatchObject({ isNew: false });
    clock.advance(86_400_000);
    await expect(keep(other)).resolves.toMatchObject({ isNew: true });
  });

  it('an address whose files keep the reader busy has to wait, and no other', async () => {
    const limits = new RateLimits(clock);
    const slow = {
      inspect: (bytes: Uint8Array<ArrayBuffer>, onRead?: (tookMs: number) => void) => {
        onRead?.(20_000);
        return inspector.inspect(bytes);
      },
    };
    const store = await AvatarStore.open(folder, 50_000_000);
    const counted = new AvatarService({ store, limits, inspector: slow, findWorn: async () => [] });
    const bring = async (ip: string) => {
      counted.admit(ip);
      return counted.keep({ bytes: MADE.slice(), isPermitted: true, ip });
    };
    await bring('198.18.0.4');
    await bring('198.18.0.4');
    // It owes ten of the thirty seconds, and gets one back each thirty.
    await expect(bring('198.18.0.4')).rejects.toMatchObject({
      reason: 'tooManyRequests',
      data: { retryAfterMs: 330_000 },
    });
    await expect(bring('198.18.0.5')).resolves.toMatchObject({ isNew: false });
    clock.advance(330_000);
    await expect(bring('198.18.0.4')).resolves.toMatchObject({ isNew: false });
  });

  it('uploads of those who are in no meeting do not count for their address', async () => {
    for (let i = 0; i < RATES.upload.burst; i += 1) expect((await post(MADE, GLB)).status).toBe(401);
    expect((await post(MADE)).status).toBe(201);
  });

  it('an avatar that an operator removes while the site runs is gone for good, and known to be', async () => {
    const sha256 = (await upload(MADE)).avatar.slice(4);
    await service.remove(sha256);
    expect((await fetch(`${url}/avatars/${sha256}.glb`)).status).toBe(404);
    await expect(service.wear(`own:${sha256}`)).rejects.toMatchObject({ reason: 'badInput' });
    await expect(upload(MADE)).rejects.toMatchObject({ reason: 'forbidden' });
    await expect(service.remove(sha256)).rejects.toMatchObject({ reason: 'notFound' });
    // One that was never here stays welcome.
    const other = 'f'.repeat(64);
    await expect(service.remove(other)).rejects.toMatchObject({ reason: 'notFound' });
    expect(readdirSync(folder)).toEqual([`${sha256}.removed`]);
  });

  it('an avatar that the operator has removed is not taken again', async () => {
    const { avatar } = await upload(MADE);
    await removeAvatar(folder, avatar.slice(4));
    await expect(upload(MADE)).rejects.toMatchObject({ reason: 'forbidden' });
  });
});
