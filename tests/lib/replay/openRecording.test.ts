import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memorySource } from '@/lib/recording/byteSource';
import { writeIndex } from '@/lib/recording/recordingIndex';
import { CachedSource } from '@/lib/replay/byteSources';
import { openAddress, openFile, readTimelineSteps } from '@/lib/replay/openRecording';
import { makeRecording, RECORDING_ID } from '@/tests/lib/recording/recordingWorld';

/** Twenty seconds of two people, one of whom speaks. */
function twentySeconds() {
  const made = makeRecording();
  const join = { kind: 'joined', name: 'Ana', avatar: 'ada' } as const;
  made.writer.appendEvent(0, { ...join, person: 'ana', seat: 0 });
  made.writer.appendEvent(0, { ...join, person: 'ben', name: 'Ben', seat: 1 });
  made.writer.appendEvent(4000, { kind: 'speaking', person: 'ana', isSpeaking: true });
  made.writer.appendEvent(9000, { kind: 'speaking', person: 'ana', isSpeaking: false });
  made.writer.appendEvent(12_000, { kind: 'chapter', title: 'Plans' });
  made.writer.end(20_000);
  return made;
}

describe('a recording on a server', () => {
  const made = twentySeconds();
  const bytes = made.bytes();
  let server: Server;
  let url: string;
  let asked: string[];
  let status: number;
  let knowsRanges: boolean;
  let isCutOff: boolean;

  beforeEach(async () => {
    asked = [];
    status = 200;
    knowsRanges = true;
    isCutOff = false;
    server = createServer((request, response) => {
      const file = request.url === '/b/right/index' ? made.index() : bytes;
      asked.push(`${request.url} ${request.headers.range ?? ''}`);
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
      if (status !== 200) response.writeHead(status).end();
      else if (from === undefined || !knowsRanges) response.end(file);
      else response.writeHead(206).end(file.subarray(Number(from), Number(to) + (isCutOff ? 0 : 1)));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/b/right/`;
  });

  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('is opened by its index alone, and read in ranges', async () => {
    const { source, rows } = await openAddress(url);
    expect(rows).toEqual(made.rows);
    expect(asked).toEqual(['/b/right/index ']);
    const { atByte, sizeBytes } = rows[7]!;
    expect(await source.read(atByte, sizeBytes)).toEqual(made.segments[7]);
    expect(asked).toHaveLength(2);
  });

  it('is read from a server that knows no ranges, too', async () => {
    knowsRanges = false;
    const { source, rows } = await openAddress(url);
    expect(await source.read(rows[3]!.atByte, rows[3]!.sizeBytes)).toEqual(made.segments[3]);
  });

  it.each([
    [404, 'notFound'],
    [410, 'notFound'],
    [401, 'expired'],
    [503, 'unreachable'],
  ] as const)('the status %s means %s', async (answer, reason) => {
    status = answer;
    await expect(openAddress(url)).rejects.toMatchObject({ reason });
  });

  it('a server that is not there is unreachable, and so is an answer that is cut off', async () => {
    const { source } = await openAddress(url);
    isCutOff = true;
    await expect(source.read(0, 100)).rejects.toMatchObject({ reason: 'unreachable' });
    isCutOff = false;
    expect(await source.read(0, 100)).toHaveLength(100);
    await expect(openAddress('http://127.0.0.1:1/b/right/')).rejects.toMatchObject({ reason: 'unreachable' });
  });

  it('a recording without a segment is empty, and what is no index is none', async () => {
    const answer = (body: Uint8Array<ArrayBuffer>) => async () => new Response(body);
    const empty = new Uint8Array(writeIndex({ recordingId: RECORDING_ID, rows: [] }));
    await expect(openAddress(url, answer(empty))).rejects.toMatchObject({ reason: 'empty' });
    const page = new TextEncoder().encode('<!doctype html><title>Parley</title>');
    await expect(openAddress(url, answer(page))).rejects.toMatchObject({ reason: 'notARecording' });
  });
});

describe('a recording in a file', () => {
  it('is opened without an index, past damage, and says how far it is', async () => {
    const bytes = twentySeconds().bytes();
    bytes[bytes.length >> 1]! ^= 0xff;
    const shares: number[] = [];
    const { rows } = await openFile(new Blob([new Uint8Array(bytes)]), (share) => shares.push(share));
    expect(rows).toHaveLength(20);
    expect(shares.at(-1)).toBe(1);
    expect([...shares].sort((a, b) => a - b)).toEqual(shares);
  });

  it('another file is refused with its cause', async () => {
    await expect(openFile(new Blob(['PK, a zip of holiday pictures. '.repeat(9)]))).rejects.toMatchObject({
      reason: 'notARecording',
    });
    await expect(openFile(new Blob([]))).rejects.toMatchObject({ reason: 'empty' });
    const later = new Uint8Array(twentySeconds().bytes());
    later[4] = 9;
    await expect(openFile(new Blob([later.subarray(0, 80)]))).rejects.toMatchObject({ reason: 'newerVersion' });
  });
});

describe('the time line of a recording', () => {
  it('is read step by step to the same end as in one piece', async () => {
    const made = twentySeconds();
    const steps = [];
    for await (const step of readTimelineSteps({ source: memorySource(made.bytes()), rows: made.rows }))
      steps.push(step);
    const { timeline, share } = steps.at(-1)!;
    expect(share).toBe(1);
    expect(timeline).toMatchObject({ isComplete: true, chapters: [{ timeMs: 12_000, title: 'Plans' }] });
    expect(timeline.people.map(({ id, speaking }) => [id, speaking])).toEqual([
      ['ana', [{ fromMs: 4000, toMs: 9000 }]],
      ['ben', []],
    ]);
  });
});

describe('a source that keeps what was read', () => {
  const bytes = Uint8Array.from({ length: 1_500_000 }, (_, k) => (k * 7) & 255);

  function counted(keptMaxBytes?: number) {
    const reads: [number, number][] = [];
    const inner = memorySource(bytes);
    const read = (at: number, size: number) => {
      reads.push([at, size]);
      return inner.read(at, size);
    };
    return { reads, source: new CachedSource({ ...inner, read }, keptMaxBytes) };
  }

  it('reads each byte once, and missing neighbours at once', async () => {
    const { reads, source } = counted();
    const pieces = [
      [300_000, 10],
      [0, 1_000_000],
      [299_990, 500],
      [1_499_000, 5000],
    ] as const;
    for (const [at, size] of pieces) {
      expect(Buffer.compare(await source.read(at, size), bytes.subarray(at, at + size))).toBe(0);
    }
    expect(reads).toEqual([
      [262_144, 262_144],
      [0, 262_144],
      [524_288, 524_288],
      [1_310_720, 262_144],
    ]);
  });

  it('forgets what was used longest ago', async () => {
    const { reads, source } = counted(262_144 * 2);
    for (const at of [0, 300_000, 600_000, 0]) await source.read(at, 10);
    expect(reads).toHaveLength(4);
  });
});
