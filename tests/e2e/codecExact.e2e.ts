import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PoseDecoder } from '@/lib/codec/codec';
import { RangePoseDecoder } from '@/lib/codec/rangePoseDecoder';
import { POSE_LENGTH } from '@/lib/pose/pose';
import { type ReceivedMeeting, receiveMeeting } from '@/tests/lib/replay/replayWorld';
import { chromiumPath } from './support/browser';
import type { CodecExactPage } from './support/codecExactPage';
import { encodeTape, readTape } from './support/codecTape';
import { bundleForPage } from './support/contractServer';
import { madePoses } from './support/madePoses';
import { connectChromium } from './support/sharedChromium';

const FRAMES = 20_000;
const FEW_FRAMES = 400;
const MEETING_MS = 8000;
const PAGE = new URL('support/codecExactPage.ts', import.meta.url).pathname;

async function bodyOf(request: IncomingMessage): Promise<Uint8Array> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

describe.skipIf(!chromiumPath)('the pose codec in Node and in Chromium', () => {
  const poses = madePoses(FRAMES);
  const tape = encodeTape(poses);
  let tapeOfPage: Uint8Array = new Uint8Array(0);
  let meeting: ReceivedMeeting;
  let server: Server;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    meeting = await receiveMeeting({ durationMs: MEETING_MS, leave: ['cy'] });
    const script = await bundleForPage(PAGE);
    const served: Record<string, readonly [type: string, body: string | Uint8Array]> = {
      '/': ['text/html', '<!doctype html><meta charset="utf-8"><script src="/script.js"></script>'],
      '/script.js': ['text/javascript', script],
      '/tape.bin': ['application/octet-stream', tape],
      '/meeting.parley': ['application/octet-stream', meeting.made.bytes()],
      '/poses.bin': ['application/octet-stream', new Uint8Array(poses.buffer)],
    };
    server = createServer(async (request, answer) => {
      if (request.url === '/tape-of-page') tapeOfPage = await bodyOf(request);
      const [type, body] = served[request.url ?? ''] ?? ['text/plain', ''];
      answer.setHeader('content-type', type);
      answer.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await connectChromium();
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  it('Chromium decodes 20,000 frames encoded in Node to the same bits as Node', async () => {
    const here = readTape(tape);
    expect(here.drops).toBe(0);
    // A keyframe may overtake a frame, which is then dropped; that is rare.
    expect(here.frames).toBeGreaterThan(FRAMES * 0.99);
    const there = await page.evaluate(() => (globalThis as unknown as CodecExactPage).readServedTape());
    expect(there).toEqual(here);
  });

  it('Node decodes packets encoded in Chromium to the same bits as Chromium', async () => {
    const there = await page.evaluate(() => (globalThis as unknown as CodecExactPage).encodeServedPoses());
    const here = readTape(tapeOfPage);
    expect(here).toEqual(there);
    expect(here.drops).toBe(0);
    expect(here.frames).toBeGreaterThan(FRAMES * 0.99);
  });

  it('Chromium replays a recording to the same bits as the receiver of the live meeting decoded in Node', async () => {
    const live = meeting.codec.streams;
    expect(live.map(({ length }) => length > 50)).toEqual([true, true, true]);
    const there = await page.evaluate(() => (globalThis as unknown as CodecExactPage).replayServedMeeting());
    expect(there).toEqual(live);
  });

  it('the comparison of tapes notices a single changed bit', () => {
    const short = encodeTape(madePoses(FEW_FRAMES));
    const decoder = new RangePoseDecoder();
    let frame = 0;
    const decode: PoseDecoder['decode'] = (packet, sink) =>
      decoder.decode(packet, (pose, timeMs) => {
        const words = new Uint32Array(pose.values.buffer);
        const flipped = frame === FEW_FRAMES / 2 ? 1 : 0;
        frame += 1;
        words[POSE_LENGTH - 1]! ^= flipped;
        sink(pose, timeMs);
        words[POSE_LENGTH - 1]! ^= flipped;
      });
    const unchanged = readTape(short);
    expect(readTape(short, { decode })).toEqual({ ...unchanged, hash: expect.not.stringMatching(unchanged.hash) });
  });
});
