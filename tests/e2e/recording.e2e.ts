import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import { readTimeline } from '@/lib/recording/timeline';
import { encodeTone, readOpus, wrapOpus } from '@/tests/lib/transport/headless/madeVoice';
import { BotParticipant } from '@/tools/bot/botParticipant';
import { openUrlSource } from '@/tools/recording/urlSource';
import { chromiumPath, Visitors } from './support/browser';
import { autojoinLink, waitUntilLive, waitUntilReceived } from './support/parleyPage';
import { connectChromium } from './support/sharedChromium';

const VIEWPORT = { width: 900, height: 640 };
const RECORDED_MS = 20_000;
const TALKERS = ['Jonas', 'Kofi', 'Lena'] as const;

describe.skipIf(!chromiumPath)('a meeting that is recorded', () => {
  const serverUrl = inject('parleyUrl');
  const parley = createParleyClient({ url: serverUrl });
  let browser: Browser;
  let visitors: Visitors;

  beforeAll(async () => {
    browser = await connectChromium();
    visitors = new Visitors(browser, serverUrl);
  });
  afterEach(() => visitors.leave());
  afterAll(() => browser?.close());

  const sit = async (id: string, name: string) => {
    const page = await visitors.visit(autojoinLink(serverUrl, id, { name }), VIEWPORT);
    await waitUntilLive(page);
    return page;
  };
  /** People without a browser who talk all the time. */
  const seatTalkers = async (meetingId: string) => {
    const voice = await readOpus(await wrapOpus(encodeTone(2), 'ogg'));
    const bots = TALKERS.map((name) => new BotParticipant({ url: serverUrl, meetingId, name, voice }));
    for (const bot of bots) await bot.join();
    return bots;
  };
  /** The seconds of a recording that a page gets, in order. */
  const secondsOf = (page: Page) => {
    const got: number[] = [];
    page.on('response', (response) => {
      const [, second] = /\/(\d{6})\.bin$/.exec(response.url()) ?? [];
      if (second !== undefined && response.ok()) got.push(Number(second));
    });
    return { got };
  };
  const lanes = (page: Page) =>
    page.getByRole('list', { name: 'Who speaks when' }).getByRole('listitem').allInnerTexts();

  it('everybody is told; it is watched live as it is made; afterwards its link shows who was there, until it is deleted', async () => {
    const { id, hostToken } = await parley.meeting.create({ title: 'Harbour plans' });
    const maya = await sit(id, 'Maya');
    const talkers = await seatTalkers(id);
    const watcher = await visitors.visit(`${serverUrl}/m/${id}/watch`, VIEWPORT);
    await waitUntilLive(watcher);
    for (const name of TALKERS) await waitUntilReceived(maya, name);
    const live = await visitors.visit(`${serverUrl}/m/${id}/live`, VIEWPORT);
    await live.getByRole('heading', { name: /^Nothing is shown live right now/ }).waitFor();
    const seconds = secondsOf(live);
    const recording = await parley.recording.start({ id, hostToken });
    for (const page of [maya, watcher]) {
      await page.getByText('This meeting is being recorded.').waitFor();
      await page.getByText('Recording', { exact: true }).waitFor();
    }
    const late = await visitors.visit(`${serverUrl}/m/${id}`, VIEWPORT);
    await late.getByText(/^This meeting is being recorded: movement, voices/).waitFor();
    await live.getByRole('heading', { name: 'Harbour plans' }).waitFor();
    await live.getByText('Maya, Jonas, Kofi, Lena').waitFor();
    await maya.waitForTimeout(RECORDED_MS);
    // Each second once, without a gap, and on and on.
    const newest = seconds.got.at(-1) ?? -1;
    await expect.poll(() => seconds.got.at(-1)).toBeGreaterThan(newest);
    const got = [...seconds.got].sort((a, b) => a - b);
    expect(got).toEqual(got.map((_, k) => got[0]! + k));
    const { replayUrl, state } = await parley.recording.stop({ id, hostToken });
    expect(state).toBe('ready');
    await maya.getByText('Recording has stopped.').waitFor();
    await Promise.all(talkers.map((bot) => bot.leave()));
    await live.getByRole('heading', { name: /^The live broadcast has ended/ }).waitFor();
    await live.close();

    const cards = async (url: string) =>
      [...(await (await fetch(url)).text()).matchAll(/<meta property="(og:\w+)" content="([^"]*)"/g)].map(
        ([, , value]) => value,
      );
    const [heading, about, picture] = await cards(replayUrl!);
    expect(heading).toBe('Harbour plans');
    expect(about).toMatch(/^Recording of .+, 0:\d\d, with Maya, Jonas, Kofi,? and Lena\./);
    expect(picture).toMatch(/^http.*\/b\/.*\/poster\.jpg$/);
    expect((await fetch(picture!)).headers.get('content-type')).toBe('image/jpeg');
    expect((await cards(replayUrl!.slice(0, -3))).join()).not.toMatch(/Harbour|Maya/);

    const replay = await visitors.visit(`${replayUrl}?t=3`, VIEWPORT);
    await expect.poll(() => lanes(replay)).toEqual(['Maya', ...TALKERS]);
    const { timeline } = await readTimeline(await openUrlSource(replayUrl!));
    const heard = timeline.people.map(({ name, poses, voicePackets }) => [name, poses > 30, voicePackets > 500]);
    expect(heard).toEqual([['Maya', true, false], ...TALKERS.map((name) => [name, true, true])]);
    await replay.getByRole('heading', { name: 'Harbour plans' }).waitFor();
    const place = replay.getByRole('slider', { name: 'Place in the recording' });
    expect(await place.getAttribute('aria-valuenow')).toBe('3');
    expect(Number(await place.getAttribute('aria-valuemax'))).toBeGreaterThanOrEqual(RECORDED_MS / 1000);
    await replay.keyboard.press('Home');
    await replay.keyboard.press('k');
    await expect.poll(() => place.getAttribute('aria-valuenow')).toBe('2');

    await parley.recording.delete({ id: recording.id, hostToken });
    const gone = await visitors.visit(replayUrl!, VIEWPORT);
    await gone.getByRole('heading', { name: /^There is no recording at this link/ }).waitFor();
    const forged = await visitors.visit(replayUrl!.slice(0, -3), VIEWPORT);
    await forged.getByRole('heading', { name: /^There is no recording at this link/ }).waitFor();
  });
});
