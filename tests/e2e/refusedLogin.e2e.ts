import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type WebSocket as ServerSocket, WebSocketServer } from 'ws';
import { createParleyClient } from '@/lib/api';
import { LIBRARY_FILE } from '../server/hub/testHub';
import { chromiumPath, openVisitor } from './support/browser';
import { autojoinLink } from './support/parleyPage';
import { type ParleyServer, startParley } from './support/parleyServer';
import { connectChromium } from './support/sharedChromium';

const OPEN = "<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' from='meet.jitsi' id='1' version='1.0' xml:lang='en'/>";
const FEATURES =
  "<stream:features xmlns:stream='http://etherx.jabber.org/streams' xmlns='jabber:client'>" +
  "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>ANONYMOUS</mechanism></mechanisms></stream:features>";

/** How Prosody's token module refuses a login: the stream stays open. */
const refusal = (text: string) =>
  `<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-allowed/><text>${text}</text></failure>`;

describe.skipIf(!chromiumPath)('a Jitsi deployment that lets nobody in', () => {
  let deployment: Server;
  let parley: ParleyServer;
  let browser: Browser;
  /** What it answers to a login; '' for nothing. */
  let answer = '';

  beforeAll(async () => {
    const library = readFileSync(LIBRARY_FILE);
    deployment = createServer((request, response) => {
      if (request.url?.startsWith('/libs/')) response.setHeader('content-type', 'text/javascript').end(library);
      else response.writeHead(404).end();
    });
    const sockets = new WebSocketServer({ server: deployment, handleProtocols: () => 'xmpp' });
    sockets.on('connection', (socket: ServerSocket) => {
      socket.on('message', (data) => {
        if (data.toString().startsWith('<open')) for (const frame of [OPEN, FEATURES]) socket.send(frame);
        else if (data.toString().startsWith('<auth') && answer !== '') socket.send(answer);
      });
    });
    await new Promise<void>((resolve) => deployment.listen(0, '127.0.0.1', resolve));
    const settings = {
      JITSI_URL: `http://127.0.0.1:${(deployment.address() as AddressInfo).port}`,
      JITSI_XMPP_DOMAIN: 'meet.jitsi',
      JITSI_APP_ID: 'parley',
      JITSI_APP_SECRET: 'not the secret of the deployment',
    };
    [parley, browser] = await Promise.all([startParley(settings), connectChromium()]);
  });

  afterAll(async () => {
    await browser?.close();
    await parley?.stop();
    deployment?.closeAllConnections();
    deployment?.close();
  });

  /** A page that joins while the deployment answers with `given`, and what it logs. */
  async function enter(given: string, locale = 'en-GB') {
    answer = given;
    const { id } = await createParleyClient({ url: parley.url }).meeting.create({});
    const { page, context } = await openVisitor(browser, parley.url, { locale });
    const lines: string[] = [];
    page.on('console', (message) => lines.push(message.text()));
    await page.goto(autojoinLink(parley.url, id, { name: 'Ana' }));
    return { page, context, lines };
  }

  /** The same, once it has failed, with what it shows then. */
  async function join(given: string, locale?: string) {
    const { page, context, lines } = await enter(given, locale);
    const action = page.getByRole('button', { name: /^(Join again|Try again|重新入座|重试)$/ });
    await action.waitFor({ timeout: 60_000 });
    return { page, context, lines, said: (await page.getByRole('main').textContent()) ?? '' };
  }

  /** The lines of the server about a fault of the deployment. */
  function reported(fault: string): string[] {
    const isAbout = (line: string) => line.includes('a client reports a fault') && line.includes(`fault="${fault}"`);
    return parley.output().split('\n').filter(isAbout);
  }

  it('T-84 a page says that the secret is wrong, in the words of the server, and logs them', async () => {
    const { context, lines, said } = await join(refusal('Invalid signature'));
    expect(said).toContain('JITSI_APP_SECRET is wrong');
    expect(said).toContain('It says: Invalid signature');
    expect(lines.filter((line) => line.includes('warn failed'))).toEqual([
      expect.stringContaining('reason="notAllowed" refusal="signature" detail="Invalid signature"'),
    ]);
    await expect
      .poll(() => reported('signature'))
      .toEqual([expect.stringMatching(/ warn .*meaning=".*JITSI_APP_SECRET.*" said="Invalid signature" reports=1$/)]);
    await context.close();
  });

  it('T-84 a page in Chinese says that the issuer is not accepted', async () => {
    const { context, said } = await join(refusal('invalid &apos;iss&apos; claim'), 'zh-CN');
    expect(said).toMatch(/JITSI_APP_ID[\s\S]*invalid 'iss' claim/);
    await context.close();
  });

  it('T-84 a page says that its login is not answered', async () => {
    const { context, lines, said } = await join('');
    expect(said).toContain('does not answer the login');
    expect(lines.some((line) => line.includes('refusal="unanswered"'))).toBe(true);
    await expect.poll(() => reported('unanswered').length).toBe(1);
    await context.close();
  });

  it("T-86 a page and the server say which host's channel the site's own policy blocks, and by which setting that changes", async () => {
    const { context, page, lines } = await enter('');
    const told = () => lines.filter((line) => line.includes('JITSI_BRIDGE_ORIGINS'));
    const dial = () =>
      page.evaluate(() => {
        try {
          new WebSocket('wss://jvb1.example.org/colibri-ws/x?pwd=hush');
        } catch {
          // Some browsers throw, all of them report it.
        }
      });
    // While it waits for the answer to its login, it watches.
    await expect.poll(() => dial().then(() => told().length)).toBeGreaterThan(0);
    await dial();
    expect(told()).toEqual([expect.stringContaining('origin="https://jvb1.example.org"')]);
    await expect
      .poll(() => reported('channelBlocked'))
      .toEqual([
        expect.stringMatching(/meaning=".*JITSI_BRIDGE_ORIGINS.*" said="https:\/\/jvb1\.example\.org" reports=1$/),
      ]);
    expect(`${told().join()} ${parley.output()}`).not.toContain('hush');
    await context.close();
  });
});
