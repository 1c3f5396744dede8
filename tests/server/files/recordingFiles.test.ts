import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { silentLog } from '@/lib/core/log';
import type { LiveState } from '@/lib/core/recording';
import { readIndex } from '@/lib/recording/recordingIndex';
import { RecordingWriter } from '@/lib/recording/recordingWriter';
import { openSegment } from '@/lib/recording/segmentReader';
import { RecordingFiles } from '@/server/files/recordingFiles';
import { RATES } from '@/server/services/rateLimits';
import { EventReader } from '@/tests/server/services/meetings/meetingWorld';
import { createRecordingWorld, settle } from '@/tests/server/services/recordings/recordingWorld';

const SECONDS = 5;

describe('files of recordings', () => {
  let world: Awaited<ReturnType<typeof createRecordingWorld>>;
  let server: Server;
  let origin: string;
  beforeAll(async () => {
    world = await createRecordingWorld();
    const files = new RecordingFiles({ ...world, proxyHops: 1, log: silentLog });
    server = createServer((request, response) => {
      if (!files.handleRequest(request, response)) response.writeHead(421).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(async () => {
    world.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  /** A recording under way of some seconds, with what the recorder has told of it. */
  async function recorded() {
    const { id: meetingId, hostToken } = await world.create();
    await world.join(meetingId);
    const host = { id: meetingId, hostToken };
    const { id, filesUrl } = await world.recordings.start(host, world.caller());
    await settle();
    const file = await world.storage.open(id, 'segments');
    const parts: Uint8Array[] = [];
    let atByte = 0;
    const writer = new RecordingWriter({
      recordingId: Buffer.from(id, 'hex'),
      startedAtMs: Date.now(),
      onSegment: ({ bytes, isLast: _, ...row }) => {
        parts.push(bytes.slice());
        world.recorder.events.emit('kept', { id, segment: { ...row, atByte } });
        atByte += bytes.length;
      },
    });
    for (let second = 0; second < SECONDS; second += 1) writer.advance(second * 1000);
    writer.end((SECONDS - 0.5) * 1000);
    for (const part of parts) await file.append(part);
    await file.close();
    const base = `${origin}${new URL(filesUrl!).pathname}`;
    const all = Buffer.concat(parts);
    const end = async () => {
      world.recorder.answers = false;
      const stopping = world.recordings.stop(host, world.caller());
      await settle();
      world.recorder.events.emit('ended', { id, durationMs: 4500, sizeBytes: all.length, failure: null });
      await stopping;
    };
    return { id, host, base, parts, all, end };
  }
  const bytesOf = async (response: Response) => Buffer.from(await response.arrayBuffer());

  it('a segment is the viewer’s to keep, also while others follow, and asked for too early it is not remembered as missing', async () => {
    const { base, parts, end } = await recorded();
    for (const isLive of [true, false]) {
      if (!isLive) await end();
      for (const [number, part] of parts.entries()) {
        const response = await fetch(`${base}${String(number).padStart(6, '0')}.bin`);
        expect(response.status).toBe(200);
        expect(response.headers.get('cache-control')).toBe('private, max-age=3600');
        const bytes = await bytesOf(response);
        expect(bytes.equals(part)).toBe(true);
        expect(openSegment(bytes).number).toBe(number);
      }
      const early = await fetch(`${base}000005.bin`);
      expect([early.status, early.headers.get('cache-control')]).toEqual([404, 'no-store']);
    }
    const first = await fetch(`${base}000000.bin`);
    const again = await fetch(`${base}000000.bin`, { headers: { 'if-none-match': first.headers.get('etag')! } });
    expect(again.status).toBe(304);
  });

  it('a recording has a poster for those who may watch it, and none for others', async () => {
    const { base, host } = await recorded();
    const poster = await fetch(`${base}poster.jpg`);
    expect([poster.status, poster.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    expect((await bytesOf(poster)).subarray(0, 3)).toEqual(Buffer.from([0xff, 0xd8, 0xff]));
    const { filesUrl } = await world.recordings.live({ id: host.id }, world.caller());
    const live = `${origin}${new URL(filesUrl).pathname}`;
    for (const address of [`${live}poster.jpg`, `${base.replace(/.{3}\/$/, 'AAA/')}poster.jpg`]) {
      expect([403, 404]).toContain((await fetch(address)).status);
    }
  });

  it('whoever has a segment already, or asks only for its size, costs no reading of it', async () => {
    const { base, parts } = await recorded();
    const address = `${base}000002.bin`;
    const etag = (await fetch(address)).headers.get('etag')!;
    const read = vi.spyOn(world.storage, 'read');
    const head = await fetch(address, { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(parts[2]!.length)]);
    expect((await fetch(address, { headers: { 'if-none-match': etag } })).status).toBe(304);
    expect(read).not.toHaveBeenCalled();
    expect((await fetch(address)).status).toBe(200);
    expect(read).toHaveBeenCalledTimes(1);
  });

  it('while a recording grows its index is read once, however many ask and however often', async () => {
    const { id, base, all } = await recorded();
    const read = vi.spyOn(world.storage, 'read');
    const rowsNow = async () => readIndex(await bytesOf(await fetch(`${base}index`))).rows;
    const asked = await Promise.all(Array.from({ length: 5 }, rowsNow));
    expect(asked.map((rows) => rows.length)).toEqual([5, 5, 5, 5, 5]);
    const indexReads = () => read.mock.calls.filter(([, name]) => name === 'index').length;
    expect(indexReads()).toBe(1);
    const row = { hasState: false, keyframesLow: 0, keyframesHigh: 0, sizeBytes: 100, atByte: all.length };
    world.recorder.events.emit('kept', { id, segment: { ...row, number: 9 } });
    expect((await rowsNow()).map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 9]);
    expect(indexReads()).toBe(1);

    // Where nobody has asked for minutes, what the recorder still tells does not follow on what was read.
    for (let number = 10; number < 200; number += 1) {
      world.recorder.events.emit('kept', { id, segment: { ...row, atByte: all.length + 100 * (number - 9), number } });
    }
    const [first] = (await rowsNow()).filter(({ number }) => number > 9);
    expect(first?.number).toBe(80);
    expect(indexReads()).toBe(2);
  });

  it('an address that asks too much is told when to come back before anything else is done for it', async () => {
    const { base } = await recorded();
    const ask = (ip: string) => fetch(`${base}live.json`, { headers: { 'x-forwarded-for': ip } });
    world.limits.admit('read', '192.0.2.7', RATES.read.burst);
    const find = vi.spyOn(world.recordings, 'openFiles');
    const refused = await ask('192.0.2.7');
    expect([refused.status, refused.headers.get('cache-control')]).toEqual([429, 'no-store']);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(find).not.toHaveBeenCalled();
    expect((await ask('192.0.2.8')).status).toBe(200);
  });

  it('the index lists all segments, also while others follow and where it was not written', async () => {
    const { base, all, end } = await recorded();
    for (const cacheControl of ['no-store', 'private, max-age=3600']) {
      if (cacheControl !== 'no-store') await end();
      const response = await fetch(`${base}index`);
      expect(response.headers.get('cache-control')).toBe(cacheControl);
      const { rows } = readIndex(await bytesOf(response));
      expect(rows.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4]);
      const last = rows.at(-1)!;
      expect(last.atByte + last.sizeBytes).toBe(all.length);
    }
  });

  it.each([
    ['bytes=0-', 0, undefined],
    ['bytes=10-19', 10, 20],
    ['bytes=100-100000000', 100, undefined],
    ['bytes=-7', -7, undefined],
  ])('the range %s of all segments is sent', async (range, from, to) => {
    const { base, all, end } = await recorded();
    await end();
    const response = await fetch(`${base}segments`, { headers: { range } });
    expect(response.status).toBe(206);
    const wanted = all.subarray(from, to);
    expect((await bytesOf(response)).equals(wanted)).toBe(true);
    const start = from < 0 ? all.length + from : from;
    expect(response.headers.get('content-range')).toBe(`bytes ${start}-${start + wanted.length - 1}/${all.length}`);
  });

  it('a long recording is read in slices of which each slow reader may hold two', async () => {
    const { base, end } = await recorded();
    await end();
    const { reader } = world.recordings;
    const known = await reader.segments(base.split('/').at(-2)!.split('.')[0]!);
    const segments = vi.spyOn(reader, 'segments').mockResolvedValue({ ...known, sizeBytes: 3_000_000 });
    const sizes: number[] = [];
    const read = vi.spyOn(reader, 'read').mockImplementation(async (_id, _atByte, sizeBytes) => {
      sizes.push(sizeBytes);
      return new Uint8Array(sizeBytes);
    });
    expect((await bytesOf(await fetch(`${base}segments`))).length).toBe(3_000_000);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(262_144);
    segments.mockRestore();
    read.mockRestore();
  });

  it('without a range, with several or with a condition that fails, all segments are sent as a whole', async () => {
    const { base, all } = await recorded();
    for (const headers of [
      {},
      { range: 'bytes=0-1,5-6' },
      { range: 'bytes=5-2' },
      { range: 'bytes=0-1', 'if-range': '"x"' },
    ]) {
      const response = await fetch(`${base}segments`, { headers: headers as Record<string, string> });
      expect([response.status, response.headers.get('accept-ranges')]).toEqual([200, 'bytes']);
      expect((await bytesOf(response)).equals(all)).toBe(true);
    }
    const head = await fetch(`${base}segments`, { method: 'HEAD' });
    expect(head.headers.get('content-length')).toBe(String(all.length));
    const beyond = await fetch(`${base}segments`, { headers: { range: `bytes=${all.length}-` } });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, `bytes */${all.length}`]);
  });

  it('somebody who watches it as it is made gets the latest segments on time, what they are, and nothing else', async () => {
    const { id, host, parts, end } = await recorded();
    const live = await world.recordings.live({ id: host.id }, world.caller());
    expect(live).toMatchObject({ id, consent: 'tell' });
    const base = `${origin}${new URL(live.filesUrl).pathname}`;
    const state = async () => {
      const response = await fetch(`${base}live.json`);
      expect(response.headers.get('cache-control')).toBe('public, max-age=1');
      return (await response.json()) as LiveState;
    };
    const known = { oldest: 0, newest: 4, startedAtMs: Date.parse(live.startedAt), serverMs: world.wall.nowMs() };
    expect(await state()).toEqual({ ...known, delayMs: expect.any(Number), share: 1, isLive: true });
    const newest = await fetch(`${base}000004.bin`);
    expect([newest.status, newest.headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable']);
    expect((await bytesOf(newest)).equals(parts[4]!)).toBe(true);
    const early = await fetch(`${base}000005.bin`);
    expect([early.status, early.headers.get('cache-control')]).toEqual([404, 'no-store']);
    for (const file of ['segments', 'index']) expect((await fetch(`${base}${file}`)).status).toBe(404);
    const right = base.split('/').at(-2)!;
    await expect(world.recordings.get({ id, right }, world.caller())).rejects.toMatchObject({ reason: 'forbidden' });

    await end();
    expect(await state()).toMatchObject({ ...known, isLive: false });
    expect((await fetch(`${base}000004.bin`)).status).toBe(200);
    world.pause(61_000);
    for (const file of ['live.json', '000004.bin']) {
      const late = await fetch(`${base}${file}`);
      expect([late.status, late.headers.get('cache-control')]).toEqual([404, 'no-store']);
    }
  });

  it('those who watch it as it is made are counted, and everybody in the meeting hears how many, until it ends', async () => {
    const { host, end } = await recorded();
    const heard = new EventReader(world, { id: host.id });
    await heard.next();
    const { filesUrl } = await world.recordings.live({ id: host.id }, world.caller());
    const base = `${origin}${new URL(filesUrl).pathname}`;
    for (const viewer of ['00000000000000aa', '00000000000000ab', '00000000000000aa']) {
      const told = await fetch(`${base}here/${viewer}`);
      expect([told.status, told.headers.get('cache-control')]).toEqual([204, 'no-store']);
    }
    expect((await fetch(`${base}here/ab`)).status).toBe(421);
    await world.recordings.sweep();
    expect(await heard.next()).toEqual({ type: 'viewers', count: 2 });
    await end();
    expect(await heard.take(3)).toContainEqual({ type: 'viewers', count: 0 });
    await heard.drop();
  });

  it('of a long recording that is being made only the last two minutes are for those who watch it as it is made', async () => {
    const { id, host } = await recorded();
    for (let number = SECONDS; number < 200; number += 1) {
      const row = { hasState: false, keyframesLow: 0, keyframesHigh: 0, sizeBytes: 1, atByte: 1e6 + number };
      world.recorder.events.emit('kept', { id, segment: { ...row, number } });
    }
    const { filesUrl } = await world.recordings.live({ id: host.id }, world.caller());
    const base = `${origin}${new URL(filesUrl).pathname}`;
    expect(await (await fetch(`${base}live.json`)).json()).toMatchObject({ oldest: 80, newest: 199 });
    expect((await fetch(`${base}000004.bin`)).status).toBe(404);
  });

  it('only who has the right gets anything, and after the deletion nobody', async () => {
    const { base, host, id, end } = await recorded();
    await end();
    const statusOf = async (address: string) => (await fetch(address)).status;
    expect(await statusOf(`${base}index`)).toBe(200);
    const forged = base.replace(/.\/$/, (end) => (end === 'A/' ? 'B/' : 'A/'));
    for (const address of [`${forged}index`, `${forged}segments`, `${forged}000000.bin`]) {
      expect([403, 404]).toContain(await statusOf(address));
    }
    expect(await statusOf(`${origin}/b/${id}/index`)).toBe(404);
    expect(await statusOf(`${base}other`)).toBe(421);
    expect((await fetch(`${base}index`, { method: 'POST' })).status).toBe(421);
    await world.recordings.delete({ ...host, id }, world.caller());
    for (const file of ['index', 'segments', '000000.bin']) expect(await statusOf(`${base}${file}`)).toBe(404);
  });
});
