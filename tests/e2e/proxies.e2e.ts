import { expect, inject, it } from 'vitest';
import { createParleyClient } from '@/lib/api';
import { hasCaddy, startCaddy } from '@/tests/support/caddy';
import { hasNginx, startNginx } from '@/tools/bench/broadcast/nginx';
import { openVisitor } from './support/browser';
import { autojoinLink, waitUntilLive, waitUntilReceived } from './support/parleyPage';
import { connectChromium } from './support/sharedChromium';

if (!hasNginx) console.log('No nginx here, so no page joins through it. On Debian: apt-get install nginx-light');
if (!hasCaddy) console.log('No Caddy here, so no page joins through it. On Debian: apt-get install caddy');

it.skipIf(!hasNginx && !hasCaddy)(
  'people who come through nginx and through Caddy, set up as in deploy/, see each other',
  async () => {
    const parleyUrl = inject('parleyUrl');
    const directly = { url: parleyUrl, stop: async () => {} };
    const [nginx, caddy, browser] = await Promise.all([
      hasNginx ? startNginx(parleyUrl) : directly,
      hasCaddy ? startCaddy(parleyUrl) : directly,
      connectChromium(),
    ]);
    try {
      // Links are by the name that was asked.
      const { id, joinUrl } = await createParleyClient({ url: caddy.url }).meeting.create({});
      expect(joinUrl).toBe(`${caddy.url}/m/${id}`);
      const [ana, bo] = await Promise.all([openVisitor(browser, nginx.url), openVisitor(browser, caddy.url)]);
      await ana.page.goto(autojoinLink(nginx.url, id, { name: 'Ana' }));
      await waitUntilLive(ana.page);
      // Ana learns of Bo by her event stream, which nothing may hold back.
      await bo.page.goto(autojoinLink(caddy.url, id, { name: 'Bo' }));
      await Promise.all([waitUntilReceived(ana.page, 'Bo'), waitUntilReceived(bo.page, 'Ana')]);
      expect([...ana.problems, ...bo.problems]).toEqual([]);
    } finally {
      await browser.close();
      await Promise.all([nginx.stop(), caddy.stop()]);
    }
  },
);
