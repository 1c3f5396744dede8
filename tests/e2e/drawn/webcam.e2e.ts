import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createParleyClient, type ParleyClient } from '@/lib/api';
import { tinyLandmark } from '@/tests/support/tinyModels/tinyPose';
import { chromiumPath, launchChromium, openVisitor, type Visitor } from '../support/browser';
import { type Colour, webcamFlags, writeColourClip } from '../support/colourClip';
import { type ArmAngles, armAngles, drawnArm, drawnPlaces } from '../support/limbAngles';
import {
  hasSharedModels,
  sharedModelsFolder,
  sharedPicture,
  temporaryFolder,
  tinyModelsFolder,
} from '../support/modelFolders';
import { PacketWitness } from '../support/packetWitness';
import { autojoinLink, readStats, waitUntilDrawn, waitUntilLive } from '../support/parleyPage';
import { type ParleyServer, startParley } from '../support/parleyServer';
import { writePictureClip } from '../support/pictureClip';
import { readSentMedia, watchSentMedia } from '../support/sentMedia';

/** The models' landmarks follow the colour: hanging arm, raised forearm, swayed outwards, raised again. */
const HANGING: Colour = [0, 0, 0];
const RAISED: Colour = [1, 0, 0];
const SWAYED: Colour = [1, 1, 0];
const WAVE = [HANGING, RAISED, SWAYED, RAISED];

const CLIP_FPS = 15;
const STEP_FRAMES = 12;

/** Most that the drawn arm may differ from the filmed one, degrees. */
const ANGLE_MAX_DEG = 15;

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
  await expect
    .poll(async () => (await readStats(page)).stats.camera?.tracked, { timeout: 60_000 })
    .toMatchObject({ face: true, body: true });
}

describe.skipIf(!chromiumPath)('a person in front of a webcam', () => {
  let client: ParleyClient;
  let server: ParleyServer;
  let models: string;
  let meetingId: string;
  let browsers: Browser[] = [];

  /** Serves a site with the models in `folder` for the tests of one group, then deletes both. */
  function serve(createFolder: () => string): void {
    beforeAll(async () => {
      models = createFolder();
      // A kiosk, whose links open the webcam: these tests are about what comes after.
      server = await startParley({ MODELS_DIR: models, KIOSK: 'on' });
      client = createParleyClient({ url: server.url });
    });
    afterAll(async () => {
      await server.stop();
      rmSync(models, { recursive: true });
    });
  }

  beforeEach(async () => {
    meetingId = (await client.meeting.create({ title: 'Around the table' })).id;
  });

  afterEach(async () => {
    await Promise.all(browsers.map((browser) => browser.close()));
    browsers = [];
  });

  async function visit(flags: readonly string[], size = { width: 480, height: 320 }): Promise<Visitor> {
    const browser = await launchChromium(flags);
    browsers.push(browser);
    const visitor = await openVisitor(browser, server.url, { viewport: size, displayHz: DISPLAY_HZ });
    return visitor;
  }

  const sit = ({ page }: Visitor, name: string, choice: Record<string, string> = {}) =>
    page.goto(autojoinLink(server.url, meetingId, { name, ...choice }));

  describe('with models whose landmarks follow the colour of the picture', () => {
    serve(tinyModelsFolder);

    function waveClip(): string {
      const path = join(models, 'wave.y4m');
      const colours = WAVE.flatMap((colour) => Array.from({ length: STEP_FRAMES }, () => colour));
      writeColourClip(path, colours, CLIP_FPS);
      return path;
    }

    describe('and two participants, one of them on camera', () => {
      let a: Visitor;
      let b: Visitor;

      beforeEach(async () => {
        [a, b] = await Promise.all([visit(webcamFlags(waveClip())), visit([])]);
        await Promise.all([sit(a, 'Ana', { camera: '1' }), sit(b, 'Bo')]);
        await Promise.all([waitUntilLive(a.page), waitUntilLive(b.page)]);
        await waitUntilDrawn(b.page, 'Ana');
        await waitUntilTracked(a.page);
      });

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
            { timeout: 60_000, interval: 50 },
          )
          .toBe(wanted.length);
        for (const { problems, foreignRequests } of [a, b]) expect([...problems, ...foreignRequests]).toEqual([]);
      });
    });

    it('a page with a webcam sends only rotations and weights, and only to its own site', async () => {
      const a = await visit(webcamFlags(waveClip()));
      await watchSentMedia(a.page);
      const sockets: string[] = [];
      a.page.on('websocket', (socket) => sockets.push(socket.url()));
      const witness = await PacketWitness.join(server.url, meetingId);
      await sit(a, 'Ana', { camera: '1' });
      await waitUntilLive(a.page);
      await waitUntilTracked(a.page);
      witness.begin();
      await expect.poll(() => witness.poses, { timeout: 30_000 }).toBeGreaterThan(60);

      // Every packet is a pose that a decoder accepts whole, or a control message.
      expect(witness.strange).toEqual([]);
      expect(witness.maxBytes).toBeLessThan(600);
      const sent = await readSentMedia(a.page);
      expect(sent.connections).toBeGreaterThan(0);
      expect(sent.videoTracks).toBe(0);
      expect(sent.videoBytes).toBe(0);
      const view = await client.meeting.get({ id: meetingId });
      expect(view.people.map(({ name }) => name)).toEqual(['Ana']);
      expect(a.foreignRequests).toEqual([]);
      expect(sockets.filter((url) => !url.startsWith(server.url.replace('http', 'ws')))).toEqual([]);
      await witness.leave();
    });

    it('the webcam is turned off and on again during the meeting, and is released in between', async () => {
      const a = await visit(webcamFlags(waveClip()));
      await sit(a, 'Ana', { camera: '1' });
      await waitUntilLive(a.page);
      await waitUntilTracked(a.page);
      await a.page.keyboard.press('b');
      await expect.poll(async () => (await readStats(a.page)).stats.camera).toBeUndefined();
      await a.page.getByRole('button', { name: 'Turn camera on' }).click();
      await waitUntilTracked(a.page);
      expect(a.problems).toEqual([]);
    });

    it('a page that may not use the webcam says what to do and stays in the meeting', async () => {
      const a = await visit(['--use-fake-device-for-media-stream', '--deny-permission-prompts']);
      await sit(a, 'Ana', { camera: '1' });
      await waitUntilLive(a.page);
      await a.page.getByText('The browser blocks the camera.').waitFor();
      await expect.poll(async () => (await readStats(a.page)).stats.self?.posesSent).toBeGreaterThan(0);
    });
  });

  describe('on a site without models', () => {
    serve(temporaryFolder);

    it('a lobby without models names the command that downloads them, and joins without a webcam', async () => {
      const a = await visit(webcamFlags('none.y4m'), { width: 900, height: 900 });
      await a.page.goto(`${server.url}/m/${meetingId}?name=Ana`);
      await a.page.getByText('Camera', { exact: true }).click();
      await a.page.getByText('npm run models').waitFor();
      await a.page.getByRole('button', { name: 'Join' }).click();
      await waitUntilLive(a.page);
    });
  });

  describe.skipIf(!hasSharedModels || !sharedPicture)("with MediaPipe's own models and a picture of a person", () => {
    serve(sharedModelsFolder);

    it('face and arms are drawn on the other page as they are in the picture', async () => {
      const clip = join(models, 'person.mjpeg');
      const b = await visit([]);
      await writePictureClip(b.page, sharedPicture!, clip);
      const a = await visit(webcamFlags(clip));
      await Promise.all([sit(a, 'Ana', { camera: '1' }), sit(b, 'Bo')]);
      await waitUntilDrawn(b.page, 'Ana');
      await waitUntilTracked(a.page);
      // Both forearms are raised in front of the chest, bent at the elbow, hands in front of the body.
      let bones: readonly number[] = [];
      await expect
        .poll(
          async () => {
            bones = await boneOf(b.page, 'Ana');
            return (['left', 'right'] as const).every((side) => {
              const { shoulder, elbow, forearm } = drawnArm(bones, side);
              return shoulder < 45 && elbow > 60 && forearm < 85;
            });
          },
          { timeout: 60_000 },
        )
        .toBe(true);
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
