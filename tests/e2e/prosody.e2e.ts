import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import { attendHeadless } from '@/lib/attend/headless';
import { ProsodyJitsi } from '@/tests/support/prosody/prosodyJitsi';
import { hasProsody } from '@/tools/run/prosody.mjs';
import { chromiumPath, openVisitor } from './support/browser';
import { autojoinLink, receivedOf, waitUntilLive } from './support/parleyPage';
import { type ParleyServer, startParley } from './support/parleyServer';
import { connectChromium } from './support/sharedChromium';

/** Longer than a channel needs to close once its endpoint is gone: what still moves after that is on a fresh link. */
const AWAY_MS = 2_000;

type Bot = ReturnType<typeof attendHeadless>;

/** What one participant has received of others, by name. */
type Received = () => Promise<ReadonlyMap<string, number>>;

function receivedByBot(bot: Bot): Received {
  return async () => {
    const people = 'granted' in bot.state ? (bot.state.granted?.meeting.people ?? []) : [];
    return new Map(people.map(({ id, name }) => [name, bot.exchange?.feed.statsOf(id)?.received ?? 0]));
  };
}

/** Resolves once each participant has received poses of each other one that it had not received before. */
async function allMove(everybody: ReadonlyMap<string, Received>): Promise<void> {
  const before = new Map<string, ReadonlyMap<string, number>>();
  for (const [name, received] of everybody) before.set(name, await received());
  const standing = async () => {
    const pairs: string[] = [];
    for (const [name, received] of everybody) {
      const now = await received();
      for (const other of everybody.keys()) {
        // A figure that is lower is of a fresh connection, and counts from 0.
        const moved = (now.get(other) ?? 0) > 0 && now.get(other) !== before.get(name)?.get(other);
        if (other !== name && !moved) pairs.push(`${name} of ${other}`);
      }
    }
    return pairs;
  };
  await expect.poll(standing, { interval: 50 }).toEqual([]);
}

describe.skipIf(!chromiumPath || !hasProsody())('a Jitsi whose XMPP server is Prosody', () => {
  let jitsi: ProsodyJitsi;
  let parley: ParleyServer;
  let browser: Browser;

  beforeAll(async () => {
    jitsi = await ProsodyJitsi.start({ channel: 'datachannel' });
    // No tokens, and nobody named in presence.
    const settings = { JITSI_URL: jitsi.url, JITSI_XMPP_DOMAIN: jitsi.domain };
    [parley, browser] = await Promise.all([startParley(settings), connectChromium()]);
  });

  afterAll(async () => {
    await browser?.close();
    await parley?.stop();
    await jitsi?.close();
  });

  it('two pages and a bot exchange poses, resume when XMPP is cut, and come back when Prosody was killed', async () => {
    const { id } = await createParleyClient({ url: parley.url }).meeting.create({});
    const bot = attendHeadless({ url: parley.url, meetingId: id, name: 'Cy' });
    const open = async (name: string) => {
      const visitor = await openVisitor(browser, parley.url);
      await visitor.page.goto(autojoinLink(parley.url, id, { name }));
      await waitUntilLive(visitor.page);
      return visitor;
    };
    try {
      const [ana, bo] = await Promise.all([open('Ana'), open('Bo'), bot.join()]);
      const everybody = new Map([
        ['Ana', () => receivedOf(ana.page)],
        ['Bo', () => receivedOf(bo.page)],
        ['Cy', receivedByBot(bot)],
      ]);
      await allMove(everybody);
      for (const { problems } of [ana, bo]) expect(problems).toEqual([]);
      // Everybody's claim names their session, as Prosody calls it.
      const { people } = await createParleyClient({ url: parley.url }).meeting.get({ id });
      const sessions = people.map(({ endpoint }) => endpoint?.occupantId ?? '');
      expect(new Set(sessions.filter((session) => session.length > 20)).size).toBe(3);

      const before = jitsi.logins();
      expect(new Set(before).size).toBe(3);
      jitsi.cutXmpp();
      await expect.poll(() => jitsi.logins().length).toBe(6);
      // Who resumes has the old name; who could not would enter under a new one.
      expect(new Set(jitsi.logins())).toEqual(new Set(before));
      await allMove(everybody);

      await jitsi.killProsody();
      await new Promise((resolve) => setTimeout(resolve, AWAY_MS));
      await jitsi.reviveProsody();
      const backAtMs = performance.now();
      await allMove(everybody);
      console.info(
        `Prosody killed, poses move ${((performance.now() - backAtMs) / 1_000).toFixed(1)} s after it is back`,
      );
      expect(jitsi.errors).toEqual([]);
    } finally {
      await bot.leave();
    }
  });
});
