import { rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { FACE_BLENDSHAPES } from '@/lib/core/landmarks';
import { MODEL_FILES } from '@/lib/core/modelFiles';
import { TINY_EXPRESSION, TINY_YAW } from '@/tests/support/tinyModels/tinyFace';
import { tinyHandModel } from '@/tests/support/tinyModels/tinyHand';
import { tinyLandmark } from '@/tests/support/tinyModels/tinyPose';
import { chromiumPath, launchChromium, openVisitor, type Visitor } from '../support/browser';
import type { CapturePage, PlainFrame } from '../support/capturePage';
import { type CaptureServer, startCaptureServer } from '../support/captureServer';
import { type Colour, webcamFlags, writeColourClip } from '../support/colourClip';
import {
  hasSharedModels,
  sharedModelsFolder,
  sharedPicture,
  temporaryFolder,
  tinyModelsFolder,
} from '../support/modelFolders';
import { writePictureClip } from '../support/pictureClip';

const RIGHT_ELBOW = 14;
const RIGHT_WRIST = 16;

/** Opens the capture of `visitor`'s page; resolves with null, or the reason for a failure. */
function open(visitor: Visitor) {
  return visitor.page.evaluate(() => (globalThis as unknown as CapturePage).openCapture());
}

function frames(visitor: Visitor, count: number): Promise<PlainFrame[]> {
  return visitor.page.evaluate((wanted) => (globalThis as unknown as CapturePage).takeFrames(wanted), count);
}

function point(flat: readonly number[], landmark: number): readonly number[] {
  return flat.slice(landmark * 3, landmark * 3 + 3);
}

/** Yaw of the face to its own left, radians, from its matrix. */
function yawOf({ matrix }: NonNullable<PlainFrame['face']>): number {
  return Math.atan2(matrix[8]!, matrix[10]!);
}

/** What the webcam of all tests but those of a refusal shows. */
const SHOWN: Colour = [0.8, 0.4, 0.6];

describe.skipIf(!chromiumPath)('the webcam in Chromium', () => {
  let models: string;
  let server: CaptureServer;
  let browser: Browser;
  const opened: (Browser | BrowserContext)[] = [];

  beforeAll(async () => {
    models = tinyModelsFolder();
    const clip = join(models, 'clip.y4m');
    writeColourClip(clip, [SHOWN], 30);
    [server, browser] = await Promise.all([startCaptureServer(models), launchChromium(webcamFlags(clip))]);
  });

  afterEach(async () => {
    // Contexts come first: their browsers would take them along in the middle of closing.
    for (const one of opened.splice(0)) await one.close();
  });

  afterAll(async () => {
    await browser?.close();
    server?.close();
    rmSync(models, { recursive: true });
  });

  /** A visitor of a browser of its own, with these flags. */
  async function visitWith(flags: readonly string[], origin = server.origin): Promise<Visitor> {
    const own = await launchChromium(flags);
    opened.push(own);
    return visit(origin, own);
  }

  async function visit(origin = server.origin, where = browser): Promise<Visitor> {
    const visitor = await openVisitor(where, origin);
    opened.unshift(visitor.context);
    await visitor.page.goto(origin);
    return visitor;
  }

  it('a capture reads body, face and hands from generated models on the CPU, without a foreign request', async () => {
    const page = await visit();
    expect(await open(page)).toBeNull();
    const frame = (await frames(page, 12)).at(-1)!;
    for (const landmark of [RIGHT_ELBOW, RIGHT_WRIST]) {
      const expected = tinyLandmark(landmark, SHOWN);
      point(frame.body!.world, landmark).forEach((value, axis) => {
        // The browser decodes the clip's colours by another standard: they are a few percent off.
        expect(Math.abs(value - expected[axis]!)).toBeLessThan(0.03);
      });
    }
    expect(Math.min(...frame.body!.visibility)).toBeGreaterThan(0.9);
    expect(yawOf(frame.face!)).toBeGreaterThan(TINY_YAW * 0.4);
    expect(yawOf(frame.face!)).toBeLessThan(TINY_YAW * 0.8);
    for (const [name, weight] of Object.entries(TINY_EXPRESSION)) {
      expect(frame.face!.blendshapes[FACE_BLENDSHAPES.indexOf(name as never)]).toBeCloseTo(weight, 3);
    }
    const stats = await page.page.evaluate(() => (globalThis as unknown as CapturePage).captureStats());
    expect(stats.delegate).toBe('CPU');
    expect(stats.fps).toBeGreaterThan(0);
    expect(page.foreignRequests).toEqual([]);
    expect(page.problems).toEqual([]);
  });

  it('a closed capture releases the webcam', async () => {
    const page = await visit();
    await open(page);
    await frames(page, 2);
    const isEnded = await page.page.evaluate(async () => {
      const tracks: MediaStreamTrack[] = [];
      const take = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
      navigator.mediaDevices.getUserMedia = async (wanted) => {
        const stream = await take(wanted);
        tracks.push(...stream.getTracks());
        return stream;
      };
      const { openCapture, closeCapture } = globalThis as unknown as CapturePage;
      await openCapture();
      const before = tracks.map(({ readyState, kind }) => [kind, readyState]);
      closeCapture();
      return [before, tracks.map(({ readyState }) => readyState)];
    });
    expect(isEnded).toEqual([[['video', 'live']], ['ended']]);
  });

  describe('the reason why a webcam cannot be read', () => {
    const broken: CaptureServer[] = [];
    const folders: string[] = [];

    afterEach(() => {
      for (const one of broken.splice(0)) one.close();
      for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
    });

    async function openWith(folder: string) {
      folders.push(folder);
      const site = await startCaptureServer(folder);
      broken.push(site);
      return open(await visit(site.origin));
    }

    it('a webcam without models fails as modelMissing', async () => {
      expect(await openWith(temporaryFolder())).toMatchObject({ reason: 'modelMissing', detail: 'face, body' });
    });

    it('the failure of a webcam names an empty model', async () => {
      const folder = tinyModelsFolder();
      truncateSync(join(folder, MODEL_FILES.body.name));
      expect(await openWith(folder)).toMatchObject({ reason: 'modelEmpty' });
    });

    it('the failure of a webcam names a damaged model', async () => {
      const folder = tinyModelsFolder();
      writeFileSync(join(folder, MODEL_FILES.face.name), Buffer.alloc(5000, 'x'));
      expect(await openWith(folder)).toMatchObject({ reason: 'modelGarbage' });
    });

    it('the failure of a webcam names a model of the wrong kind', async () => {
      const folder = tinyModelsFolder();
      writeFileSync(join(folder, MODEL_FILES.body.name), tinyHandModel());
      expect(await openWith(folder)).toMatchObject({ reason: 'modelWrong' });
    });

    it('a webcam that is denied or missing fails with the browser’s refusal', async () => {
      const denied = await visitWith(['--use-fake-device-for-media-stream', '--deny-permission-prompts']);
      expect(await open(denied)).toMatchObject({ reason: 'denied' });
      const missing = await visitWith(['--use-fake-ui-for-media-stream']);
      expect(await open(missing)).toMatchObject({ reason: 'missing' });
    });
  });

  it.skipIf(!hasSharedModels || !sharedPicture)(
    "MediaPipe's own models find face, body and both hands in a picture",
    async () => {
      const folder = sharedModelsFolder();
      const site = await startCaptureServer(folder);
      const clip = join(folder, 'person.mjpeg');
      await writePictureClip((await visit()).page, sharedPicture!, clip);
      const page = await visitWith(webcamFlags(clip), site.origin);
      expect(await open(page)).toBeNull();
      const frame = (await frames(page, 20)).at(-1)!;
      // Positions in the picture, as shares of its width and height.
      expect(point(frame.body!.image, RIGHT_WRIST)[0]).toBeCloseTo(0.34, 1.3);
      expect(point(frame.leftHand!.image, 0)[0]).toBeCloseTo(0.57, 1.3);
      expect(point(frame.rightHand!.image, 0)[0]).toBeCloseTo(0.35, 1.3);
      expect(Math.abs(yawOf(frame.face!))).toBeLessThan(0.2);
      site.close();
      rmSync(folder, { recursive: true });
    },
  );
});
