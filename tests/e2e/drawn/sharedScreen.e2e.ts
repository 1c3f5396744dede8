import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import { chromiumPath, FAKE_DEVICES, launchChromium, openVisitor } from '../support/browser';
import { autojoinLink, readStats, waitUntilLive } from '../support/parleyPage';
import { connectChromium } from '../support/sharedChromium';

/** Delays the setup of encodings: the library tells others of a track in between, which a fast server would hide. */
function delayEncodings(): void {
  const { setParameters } = RTCRtpSender.prototype;
  RTCRtpSender.prototype.setParameters = async function setLater(parameters) {
    await new Promise((resolve) => setTimeout(resolve, 400));
    return setParameters.call(this, parameters);
  };
}

describe.skipIf(!chromiumPath)('a shared screen in the browser', () => {
  const serverUrl = inject('parleyUrl');
  /** Does not draw: what its page shares is judged by the other. */
  let sharing: Browser;
  let drawing: Browser;

  beforeAll(async () => {
    [sharing, drawing] = await Promise.all([launchChromium(FAKE_DEVICES, 'withoutWebgl'), connectChromium('drawing')]);
  });

  afterAll(() => Promise.all([sharing?.close(), drawing?.close()]));

  async function join(browser: Browser, meetingId: string, name: string, prepare = () => {}): Promise<Page> {
    const { page } = await openVisitor(browser, serverUrl, { viewport: { width: 640, height: 400 } });
    await page.addInitScript(prepare);
    await page.goto(autojoinLink(serverUrl, meetingId, { name, mic: 'muted' }));
    await waitUntilLive(page);
    return page;
  }

  const screenIn = async (page: Page) => (await readStats(page)).stats.voice!.screen;

  it('others see a shared screen until it ends, and the room is not drawn behind it while it is enlarged', async () => {
    const { id } = await createParleyClient({ url: serverUrl }).meeting.create({ title: 'Round table' });
    const ana = await join(sharing, id, 'Ana', delayEncodings);
    const bo = await join(drawing, id, 'Bo');
    await ana.keyboard.press('s');
    await ana.getByText('You are sharing your screen').waitFor();
    await bo.getByText('Ana is sharing a screen').waitFor();
    expect(await screenIn(bo)).toBe((await readStats(ana)).stats.self!.id);
    await bo.getByRole('button', { name: 'Enlarge' }).click();
    const frames = () =>
      bo
        .locator('dialog video')
        .evaluate((video: HTMLVideoElement) => video.getVideoPlaybackQuality().totalVideoFrames);
    await expect.poll(frames).toBeGreaterThan(5);
    const drawn = async () => JSON.stringify((await readStats(bo)).stats.participants.map(({ bones }) => bones));
    const isCovered = async () => {
      const before = await drawn();
      await bo.waitForTimeout(500);
      return (await drawn()) === before;
    };
    await expect.poll(isCovered).toBe(true);
    const covered = await drawn();
    await bo.keyboard.press('Escape');
    await bo.locator('dialog video').waitFor({ state: 'detached' });
    await expect.poll(drawn).not.toBe(covered);
    await ana.getByRole('status').getByRole('button', { name: 'Stop sharing' }).click();
    await bo.getByText('Ana is sharing a screen').waitFor({ state: 'detached' });
    expect(await screenIn(bo)).toBeNull();
  });
});
