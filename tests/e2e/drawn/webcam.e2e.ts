import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createParleyClient, type ParleyClient } from '@/lib/api';
import type { ParleyStats } from '@/lib/meeting/stats';
import { writeTinyModels } from '@/tests/support/tinyModels/tinyModels';
import { tinyLandmark } from '@/tests/support/tinyModels/tinyPose';
import { chromiumPath, faultsOf, launchChromium, openVisitor, type Visitor } from '../support/browser';
import { type Colour, webcamFlags, writeColourClip } from '../support/colourClip';
import { type ArmAngles, armAngles, drawnArm, drawnPlaces } from '../support/limbAngles';
import { copySharedModels, hasSharedModels, sharedPicture, temporaryFolder } from '../support/modelFolders';
import { PacketWitness } from '../support/packetWitness';
import { autojoinLink, readStats, waitUntilDrawn, waitUntilLive } from '../support/parleyPage';
import { type ParleyServer, startParley } from '../support/parleyServer';
import { writePictureClip } from '../support/pictureClip';
import { readSentMedia, watchSentMedia } from '../support/sentMedia';
import { connectChromium } from '../support/sharedChromium';

/** The models' landmarks follow the colour: hanging arm, raised forearm, swayed outwards, raised again. */
const HANGING: Colour = [0, 0, 0];
const RAISED: Colour = [1, 0, 0];
const SWAYED: Colour = [1, 1, 0];
const WAVE = [HANGING, RAISED, SWAYED, RAISED];

const CLIP_FPS = 15;
const STEP_FRAMES = 12;

/** Most that the drawn arm may differ from the filmed one, degrees. */
const ANGLE_MAX_DEG = 15;

/** Only ends what hangs: the models are loaded and compiled first. */
const TRACKED_WITHIN_MS = 120_000;

/** A slow display, which leaves the CPU to what is tested. */
const DISPLAY_HZ = 5;

/** Angles of the right arm that the models see at `colour`; down is +y in the webcam's axes. */
function seenArm(colour: Colour): ArmAngles {
  const [shoulder, elbow, wrist] = [12, 14, 16].map((landmark) => tinyLandmark(landmark, colour));
  return armAngles(shoulder!, elbow!, wrist!, [0, -1, 0]);
}

function isAt(drawn: ArmAngles, colour: Colour): boolean {
  const seen = seenArm(colour);
  return (['shoulder', 'elbow', 'forearm'] as const).every(
    (part) => Math.abs(drawn[part] - seen[part]) <= ANGLE_MAX_DEG,
  );
}

async function boneOf(page: Page, name: string): Promise<readonly number[]> {
  const { stats } = await readStats(page);
  return stats.participants.find((person) => person.name === name)?.bones ?? [];
}

async function waitUntilTracked(page: Page): Promise<void> {
  await page.waitForFunction(
    () => {
      const { parley } = globalThis as unknown as { parley: { stats(): ParleyStats } };
      const tracked = parley.stats().camera?.tracked;
      return tracked?.face && tracked.body;
    },
    undefined,
    { timeout: TRACKED_WITHIN_MS, polling: 100 },
  );
}

describe.skipIf(!chromiumPath)('a person in front of a webcam', () => {
  let client: ParleyClient;
  let server: ParleyServer;
  /** Empty at first: models may come while the server runs. */
  let models: string;
  let meetingId: string;
  /** Whose webcam waves. It does not draw: what it sends is judged by others. */
  let waving: Browser;
  let drawing: Browser;
  const browsers: Browser[] = [];

  beforeAll(async () => {
    models = temporaryFolder();
    // A kiosk, whose links open the webcam: these tests are about what comes after.
    [server, waving, drawing] = await Promise.all([
      startParley({ MODELS_DIR: models, KIOSK: 'on' }),
      launch(webcamFlags(waveClip())),
      connectChromium('drawing'),
    ]);
    client = createParleyClient({ url: server.url });
  });

  afterAll(async () => {
    await Promise.all([...browsers, drawing].map((browser) => browser?.close()));
    await server?.stop();
    rmSync(models, { recursive: true });
  });

  const createMeeting = async () => {
    meetingId = (await client.meeting.create({ title: 'Around the table' })).id;
  };

  function waveClip(): string {
    const path = join(models, 'wave.y4m');
    const colours = WAVE.flatMap((colour) => Array.from({ length: STEP_FRAMES }, () => colour));
    writeColourClip(path, colours, CLIP_FPS);
    return path;
  }

  async function launch(flags: readonly string[]): Promise<Browser> {
    const browser = await launchChromium(flags, 'withoutWebgl');
    browsers.push(browser);
    return browser;
  }

  const visit = (browser: Browser, size = { width: 480, height: 320 }) =>
    openVisitor(browser, server.url, { viewport: size, displayHz: DISPLAY_HZ });

  const sit = ({ page }: Visitor, name: string, choice: Record<string, string> = {}) =>
    page.goto(autojoinLink(server.url, meetingId, { name, ...choice }));

  it('a lobby without models names the command that downloads them, and joins without a webcam', async () => {
    await createMeeting();
    const a = await visit(waving, { width: 900, height: 900 });
    await a.page.goto(`${server.url}/m/${meetingId}?name=Ana`);
    await a.page.getByText('Camera', { exact: true }).click();
    await a.page.getByText('npm run models').waitFor();
    await a.page.getByRole('button', { name: 'Join' }).click();
    await waitUntilLive(a.page);
    await a.context.close();
  });

  describe('with models whose landmarks follow the colour of the picture, in a meeting of two', () => {
    let a: Visitor;
    let b: Visitor;
    const sockets: string[] = [];

    beforeAll(async () => {
      writeTinyModels(models);
      await createMeeting();
      [a, b] = await Promise.all([visit(waving), visit(drawing)]);
      await watchSentMedia(a.page);
      a.page.on('websocket', (socket) => sockets.push(socket.url()));
      await Promise.all([sit(a, 'Ana', { camera: '1' }), sit(b, 'Bo')]);
      await Promise.all([waitUntilLive(a.page), waitUntilLive(b.page)]);
      await waitUntilDrawn(b.page, 'Ana');
      await waitUntilTracked(a.page);
    });

    afterAll(() => Promise.all([a, b].map((visitor) => visitor?.context.close())));

    it('a wave in front of the webcam is drawn on the other page, in the same order and as far', async () => {
      const wanted = [HANGING, RAISED, SWAYED, RAISED, HANGING];
      let reached = 0;
      await expect
        .poll(
          async () => {
            const bones = await boneOf(b.page, 'Ana');
            // The other arm hangs throughout.
            const otherHangs = drawnArm(bones, 'left').shoulder < 30;
            if (otherHangs && isAt(drawnArm(bones, 'right'), wanted[reached]!)) reached += 1;
            return reached;
          },
          { interval: 50 },
        )
        .toBe(wanted.length);
      for (const { problems, foreignRequests } of [a, b])
        expect([...faultsOf(problems), ...foreignRequests]).toEqual([]);
    });

    it('a page with a webcam sends only rotations and weights, and only to its own site', async () => {
      const { self } = (await readStats(a.page)).stats;
      const witness = await PacketWitness.join(server.url, meetingId, self!.id);
      witness.begin();
      await expect.poll(() => witness.poses).toBeGreaterThan(60);

      // Every packet is a pose that a decoder accepts whole, or a control message.
      expect(witness.strange).toEqual([]);
      expect(witness.maxBytes).toBeLessThan(600);
      const sent = await readSentMedia(a.page);
      expect(sent.connections).toBeGreaterThan(0);
      expect(sent.videoTracks).toBe(0);
      expect(sent.videoBytes).toBe(0);
      const view = await client.meeting.get({ id: meetingId });
      expect(view.people.map(({ name }) => name).sort()).toEqual(['Ana', 'Bo']);
      expect(a.foreignRequests).toEqual([]);
      expect(sockets.filter((url) => !url.startsWith(server.url.replace('http', 'ws')))).toEqual([]);
      await witness.leave();
    });

    it('the webcam is turned off and on again during the meeting, and is released in between', async () => {
      await a.page.keyboard.press('b');
      await expect.poll(async () => (await readStats(a.page)).stats.camera).toBeUndefined();
      await a.page.getByRole('button', { name: 'Turn camera on' }).click();
      await waitUntilTracked(a.page);
      expect(faultsOf(a.problems)).toEqual([]);
    });
  });

  it('a page that may not use the webcam says what to do and stays in the meeting', async () => {
    const denied = await launch(['--use-fake-device-for-media-stream', '--deny-permission-prompts']);
    const c = await visit(denied);
    await createMeeting();
    await sit(c, 'Cleo', { camera: '1' });
    await waitUntilLive(c.page);
    await c.page.getByText('The browser blocks the camera.').waitFor();
    await expect.poll(async () => (await readStats(c.page)).stats.self?.posesSent).toBeGreaterThan(0);
    await c.context.close();
  });

  describe.skipIf(!hasSharedModels || !sharedPicture)("with MediaPipe's own models and a picture of a person", () => {
    beforeAll(() => copySharedModels(models));

    it('face and arms are drawn on the other page as they are in the picture', async () => {
      await createMeeting();
      const clip = join(models, 'person.mjpeg');
      const b = await visit(drawing);
      await writePictureClip(b.page, sharedPicture!, clip);
      const a = await visit(await launch(webcamFlags(clip)));
      await Promise.all([sit(a, 'Ana', { camera: '1' }), sit(b, 'Bo')]);
      await waitUntilDrawn(b.page, 'Ana');
      await waitUntilTracked(a.page);
      // Both forearms are raised in front of the chest, bent at the elbow, hands in front of the body.
      let bones: readonly number[] = [];
      const areRaised = async () => {
        bones = await boneOf(b.page, 'Ana');
        return (['left', 'right'] as const).every((side) => {
          const { shoulder, elbow, forearm } = drawnArm(bones, side);
          return shoulder < 45 && elbow > 60 && forearm < 85;
        });
      };
      await expect.poll(areRaised).toBe(true);
      const place = drawnPlaces(bones);
      for (const side of ['left', 'right'] as const) {
        const [hand, elbow, chest] = [place(`${side}Hand`), place(`${side}LowerArm`), place('upperChest')];
        expect(hand[2] - chest[2]).toBeGreaterThan(0.1);
        expect(hand[1]).toBeGreaterThan(elbow[1]);
      }
      // The person looks into the webcam.
      const [neck, head] = [place('neck'), place('head')];
      expect(Math.abs(head[0] - neck[0])).toBeLessThan(0.05);
    });
  });
});
