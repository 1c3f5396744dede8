import { buffer } from 'node:stream/consumers';
import { unzipSync } from 'fflate';
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import type { MadeRecording } from '@/tests/lib/recording/recordingWorld';
import { type BrowserKind, chromiumPath, openVisitor, type Visitor } from '../support/browser';
import { encodeScreen } from '../support/encodeScreen';
import { encodeVoice } from '../support/encodeVoice';
import { threePeople } from '../support/recordedMeeting';
import { connectChromium } from '../support/sharedChromium';

const RIGHT = 'a0a1a2a3.1.signature';
const DURATION_MS = 40_000;
/** Maya shares a screen: red, then blue. */
const SHARED_FROM_MS = 10_000;
const SHARED_FRAMES = 40;
const NAMES = ['Maya', 'Jonas', 'Lin Wei'];

/** What the page exposes to the test. */
interface WatchedPage {
  /** Texts that were written into pictures, such as name plates. */
  written: string[];
  /** Colours of the pictures of shared screens, as they were drawn. */
  screens: string[];
  /** Pictures of shared screens that came to the room's wall. */
  hung: number;
  /** Output of the left and the right channel, RMS over the last moment. */
  ears(): { left: number; right: number };
}

/** Runs in the page before its own scripts; uses nothing of this module. */
function watch(): void {
  const page = globalThis as unknown as WatchedPage;
  page.written = [];
  page.screens = [];
  page.hung = 0;
  const { fillText, drawImage } = CanvasRenderingContext2D.prototype;
  const isScreen = (picture: unknown) => picture instanceof HTMLCanvasElement && picture.width === 320;
  CanvasRenderingContext2D.prototype.drawImage = function draw(this: CanvasRenderingContext2D, ...args: unknown[]) {
    (drawImage as unknown as (...all: unknown[]) => void).apply(this, args);
    if (!(args[0] instanceof VideoFrame)) return;
    const [red = 0, , blue = 0] = this.getImageData(160, 90, 1, 1).data;
    page.screens.push(red > blue ? 'red' : 'blue');
  } as typeof drawImage;
  const { texSubImage2D } = WebGL2RenderingContext.prototype;
  WebGL2RenderingContext.prototype.texSubImage2D = function upload(this: WebGL2RenderingContext, ...args: unknown[]) {
    if (isScreen(args.at(-1))) page.hung += 1;
    (texSubImage2D as unknown as (...all: unknown[]) => void).apply(this, args);
  } as typeof texSubImage2D;
  CanvasRenderingContext2D.prototype.fillText = function write(text, ...where) {
    page.written.push(text);
    return fillText.call(this, text, ...where);
  };
  const analysers: AnalyserNode[] = [];
  const connect = AudioNode.prototype.connect as (this: AudioNode, target: AudioNode) => AudioNode;
  AudioNode.prototype.connect = function tap(this: AudioNode, ...to: unknown[]) {
    if (to[0] instanceof AudioDestinationNode) {
      const splitter = this.context.createChannelSplitter(2);
      connect.call(this, splitter);
      for (const channel of [0, 1]) {
        const analyser = this.context.createAnalyser();
        analyser.fftSize = 8192;
        splitter.connect(analyser, channel);
        analysers.push(analyser);
      }
    }
    return (connect as unknown as (...args: unknown[]) => AudioNode).apply(this, to);
  } as typeof AudioNode.prototype.connect;
  const rms = (analyser: AnalyserNode | undefined) => {
    const samples = new Float32Array(8192);
    analyser?.getFloatTimeDomainData(samples);
    return Math.sqrt(samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length);
  };
  page.ears = () => ({ left: rms(analysers.at(-2)), right: rms(analysers.at(-1)) });
}

/** Decodes a video from its first packet on: the light of points of each picture. Runs in the page. */
async function lightsOf({ codec, packets }: { codec: string; packets: readonly string[] }): Promise<number[][]> {
  const lights: number[][] = [];
  const context = new OffscreenCanvas(64, 36).getContext('2d', { willReadFrequently: true })!;
  const decoder = new VideoDecoder({
    output: (frame) => {
      context.drawImage(frame, 0, 0, 64, 36);
      frame.close();
      lights.push([...context.getImageData(0, 0, 64, 36).data].filter((_, k) => k % 4 === 1));
    },
    error: (error) => console.error(error),
  });
  decoder.configure({ codec });
  for (const [k, packet] of packets.entries()) {
    const data = Uint8Array.from(atob(packet), (letter) => letter.charCodeAt(0));
    decoder.decode(new EncodedVideoChunk({ type: k === 0 ? 'key' : 'delta', timestamp: k * 1000, data }));
  }
  await decoder.flush();
  return lights;
}

describe.skipIf(!chromiumPath)('the page of a recording', () => {
  const serverUrl = inject('parleyUrl');
  let browsers: Readonly<Record<BrowserKind, Browser>>;
  let recording: MadeRecording;
  let visitor: Visitor;

  beforeAll(async () => {
    const [drawing, withoutWebgl] = await Promise.all([connectChromium('drawing'), connectChromium()]);
    browsers = { drawing, withoutWebgl };
    const { page, context } = await openVisitor(withoutWebgl, serverUrl);
    await page.goto(`${serverUrl}/r`);
    const screen = { fromMs: SHARED_FROM_MS, frames: await encodeScreen(page, SHARED_FRAMES) };
    recording = threePeople(DURATION_MS, { voice: await encodeVoice(page), screen });
    await context.close();
  });

  afterAll(() => Promise.all(Object.values(browsers ?? {}).map((browser) => browser.close())));
  afterEach(() => visitor?.context.close());

  async function open(path: string, kind: BrowserKind = 'withoutWebgl'): Promise<Page> {
    visitor = await openVisitor(browsers[kind], serverUrl, { viewport: { width: 900, height: 600 } });
    const { page } = visitor;
    await page.addInitScript(watch);
    // The files of the recording, as the server gives them: an index, and ranges of the segments.
    await page.route('**/b/**', async (route) => {
      const { pathname } = new URL(route.request().url());
      if (!pathname.startsWith(`/b/${RIGHT}/`)) return route.fulfill({ status: pathname.includes('old') ? 401 : 404 });
      if (pathname.endsWith('/index')) return route.fulfill({ body: Buffer.from(recording.index()) });
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(route.request().headers()['range'] ?? '') ?? [];
      const body = Buffer.from(recording.bytes().subarray(Number(from), Number(to) + 1));
      return route.fulfill({ status: 206, body });
    });
    await page.goto(`${serverUrl}${path}`);
    return page;
  }

  const secondOf = async (page: Page) => Number(await page.getByRole('slider').getAttribute('aria-valuenow'));
  const written = (page: Page) => page.evaluate(() => (globalThis as unknown as WatchedPage).written);
  const loudness = (page: Page) =>
    page.evaluate(() => {
      const { left, right } = (globalThis as unknown as WatchedPage).ears();
      return Math.hypot(left, right);
    });
  const lanes = (page: Page) => page.getByRole('list', { name: 'Who speaks when' }).getByRole('listitem');

  it('shows everybody with a lane and a plate, begins at the moment of the link, and plays from there', async () => {
    const page = await open(`/r/${RIGHT}?t=12`, 'drawing');
    await expect.poll(() => lanes(page).allInnerTexts()).toEqual(NAMES);
    await expect.poll(() => written(page), { timeout: 60_000 }).toEqual(expect.arrayContaining(NAMES));
    expect(await secondOf(page)).toBe(12);
    await expect.poll(() => page.evaluate(() => (globalThis as unknown as WatchedPage).hung)).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Play' }).first().click();
    await expect.poll(() => secondOf(page)).toBeGreaterThan(13);
    await page.keyboard.press('k');
    const paused = await secondOf(page);
    await page.waitForTimeout(1200);
    expect(await secondOf(page)).toBeLessThanOrEqual(paused + 1);
    expect(visitor.problems.filter((problem) => !/AudioContext|GPU stall/.test(problem))).toEqual([]);
  });

  it('goes where it is told: by chapters, keys, a press on a lane', async () => {
    const page = await open(`/r/${RIGHT}`);
    await page.getByRole('button', { name: 'Chapter: The new quay' }).click();
    await expect.poll(() => secondOf(page)).toBe(20);
    await page.keyboard.press('j');
    await expect.poll(() => secondOf(page)).toBe(10);
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => secondOf(page)).toBe(15);
    await page.keyboard.press('9');
    await expect.poll(() => secondOf(page)).toBeGreaterThan(35);
    const { width } = (await page.getByRole('slider').boundingBox())!;
    await page.getByRole('slider').click({ position: { x: width / 4, y: 8 } });
    await expect.poll(() => secondOf(page)).toBe(10);
  });

  it('a shared screen is shown as it was at each moment, from the last keyframe on, and only while it was shared', async () => {
    const page = await open(`/r/${RIGHT}?t=11`);
    const screens = () => page.evaluate(() => (globalThis as unknown as WatchedPage).screens);
    await expect.poll(async () => (await screens()).length).toBe(6);
    expect(new Set(await screens())).toEqual(new Set(['red']));
    await page.keyboard.press('ArrowRight');
    await expect.poll(async () => (await screens()).at(-1)).toBe('blue');
    const shown = (await screens()).length;
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => secondOf(page)).toBe(21);
    expect((await screens()).length).toBe(shown);
  });

  it.each(['WebCodecs', 'files'])('voices are heard, decoded by %s, and silent while paused or off', async (way) => {
    const page = await open(`/r/${RIGHT}?t=1`);
    if (way === 'files') {
      await page.addInitScript('delete globalThis.AudioDecoder');
      await page.reload();
    }
    await lanes(page).first().waitFor();
    await page.getByRole('button', { name: 'Play' }).first().click();
    await expect.poll(() => loudness(page), { timeout: 30_000 }).toBeGreaterThan(0.01);
    await page.keyboard.press('m');
    await expect.poll(() => loudness(page)).toBeLessThan(0.001);
    await page.keyboard.press('m');
    await expect.poll(() => loudness(page), { timeout: 30_000 }).toBeGreaterThan(0.01);
    await page.keyboard.press('k');
    await expect.poll(() => loudness(page)).toBeLessThan(0.001);
  });

  it('a seat can be taken, people can be hidden, and the link of the moment copied', async () => {
    const page = await open(`/r/${RIGHT}?t=5`, 'drawing');
    await visitor.context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const sit = page.getByRole('button', { name: 'Sit in the seat of Jonas' });
    await sit.click();
    await page.getByRole('button', { name: 'Leave the seat of Jonas' }).waitFor();
    await page.getByRole('button', { name: 'View: from the seat of Jonas' }).waitFor();
    await page.getByRole('button', { name: 'Hide Jonas' }).click();
    await page.getByRole('button', { name: 'Show Jonas' }).waitFor();
    expect(await page.getByRole('button', { name: 'Sit in the seat of Jonas' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Copy link to this moment' }).click();
    await page.getByText('Link copied. It begins at 0:05.').waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`${serverUrl}/r/${RIGHT}?t=5`);
  });

  /** What the page saves once `format` is chosen and Export is pressed. */
  async function exported(page: Page, format: string): Promise<{ name: string; bytes: Buffer }> {
    await page.getByLabel('What to save').selectOption(format);
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export', exact: true }).click(),
    ]);
    const bytes = await buffer(await download.createReadStream());
    await page.getByRole('button', { name: 'Export another' }).click();
    return { name: download.suggestedFilename(), bytes };
  }

  it('files are made of it in the page, of everybody or one person, as the command makes them', async () => {
    const page = await open(`/r/${RIGHT}`);
    await lanes(page).first().waitFor();
    await page.keyboard.press('x');
    await page.getByLabel('What to save').selectOption('vtt');
    await page.getByLabel('To', { exact: true }).fill('0:06');
    const text = await exported(page, 'vtt');
    expect(text.name).toBe('Harbour plans, 2026-01-02.vtt');
    expect(text.bytes.toString()).toContain('<v Jonas>Jonas');
    expect(Object.keys(unzipSync((await exported(page, 'vrma')).bytes))).toEqual(NAMES.map((name) => `${name}.vrma`));
    const voices = new Input({ formats: ALL_FORMATS, source: new BufferSource((await exported(page, 'webm')).bytes) });
    expect((await voices.getAudioTracks()).map(({ name }) => name)).toEqual(['Maya', 'Jonas']);
    const mixed = await exported(page, 'wav');
    expect(mixed.bytes.length).toBe(44 + 6 * 48_000 * 4);
    const loudest = mixed.bytes.subarray(44).reduce((most, byte, k) => (k % 2 ? Math.max(most, byte) : most), 0);
    expect(loudest).toBeGreaterThan(8);
    await page.getByLabel('What to save').selectOption('glb');
    await page.getByLabel('Whose').selectOption('Lin Wei');
    const moved = await exported(page, 'glb');
    expect(moved.name).toBe('Harbour plans, Lin Wei, 2026-01-02.glb');
    expect(moved.bytes.subarray(0, 4).toString()).toBe('glTF');
  });

  it('a video is drawn of it, with pictures of the room and everybody’s voices', async () => {
    const page = await open(`/r/${RIGHT}`, 'drawing');
    await lanes(page).first().waitFor();
    await page.keyboard.press('x');
    await page.getByLabel('What to save').selectOption('film');
    await page.getByLabel('360p').check();
    await page.getByLabel('From', { exact: true }).fill('0:01');
    await page.getByLabel('To', { exact: true }).fill('0:01.5');
    const [download] = await Promise.all([
      page.waitForEvent('download', { timeout: 100_000 }),
      page.getByRole('button', { name: 'Export', exact: true }).click(),
    ]);
    const source = new BufferSource(await buffer(await download.createReadStream()));
    const film = new Input({ formats: ALL_FORMATS, source });
    const [video, audio] = [await film.getPrimaryVideoTrack(), await film.getPrimaryAudioTrack()];
    expect([await video!.getCodec(), await audio!.getCodec()]).toEqual(['vp9', 'opus']);
    expect(await film.computeDuration()).toBeCloseTo(0.5, 1);
    const packets: string[] = [];
    for await (const { data } of new EncodedPacketSink(video!).packets())
      packets.push(Buffer.from(data).toString('base64'));
    expect(packets).toHaveLength(15);
    const lights = await page.evaluate(lightsOf, { codec: (await video!.getDecoderConfig())!.codec, packets });
    expect(lights).toHaveLength(15);
    for (const light of lights) {
      expect(Math.max(...light)).toBeGreaterThan(150);
      expect(new Set(light).size).toBeGreaterThan(40);
    }
  });

  it('a file of the person is opened without any server', async () => {
    const page = await open('/r');
    const choose = page.locator('input[type=file]');
    await choose.setInputFiles({ name: 'notes.parley', mimeType: '', buffer: Buffer.from('x'.repeat(500)) });
    await page.getByRole('heading', { name: /not a Parley recording/ }).waitFor();
    await visitor.context.setOffline(true);
    await choose.setInputFiles({ name: 'a.parley', mimeType: '', buffer: Buffer.from(recording.bytes()) });
    await expect.poll(() => lanes(page).allInnerTexts()).toEqual(NAMES);
    expect(await page.getByRole('button', { name: 'Copy link to this moment' }).count()).toBe(0);
  });

  it.each([
    ['/r/unknown', 'There is no recording at this link.'],
    ['/r/old', 'This link has expired.'],
  ])('%s says what is wrong', async (path, sentence) => {
    const page = await open(path);
    await page.getByRole('heading', { name: new RegExp(sentence) }).waitFor();
  });
});
