import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HubOptions } from '@/server/hub/hub';
import { TRANSPORT_CASES } from '@/tests/contract/transportCases';
import type { Fault } from '@/tests/contract/transportWorld';
import { hasChromium, launchChromium } from './hubPage';
import type { CaseResult } from './support/contractPage';
import { bundleForPage, ContractServer } from './support/contractServer';

/** A server that restarts is away for a while. */
const AWAY_MS = 500;

const LOOPBACK = { addresses: ['127.0.0.1'], ports: null, announcedAddresses: null };

interface Kind {
  readonly name: string;
  readonly options: Partial<HubOptions>;
  /** What the test process can do to this kind; a data channel is cut by the page, and silenced by nobody. */
  readonly faults: readonly Fault[];
}

const KINDS: readonly Kind[] = [
  {
    name: 'WebSocket',
    options: {},
    faults: ['cutChannels', 'silenceChannels', 'cutSignalling', 'restartServer'],
  },
  {
    name: 'data channel',
    options: { bridgeChannel: 'datachannel', media: LOOPBACK },
    faults: ['cutSignalling', 'restartServer'],
  },
];

let browser: Browser;
let script: string;

if (!hasChromium) console.warn('No Chromium found (set CHROMIUM_PATH): the transport is not tried in a browser.');

describe.skipIf(!hasChromium)('the transport contract in Chromium', () => {
  beforeAll(async () => {
    [browser, script] = await Promise.all([launchChromium(), bundleForPage('tests/e2e/support/contractPage.ts')]);
  });

  afterAll(() => browser?.close());

  describe.each(KINDS)('over $name', ({ name: kind, options, faults: able }) => {
    let server: ContractServer;
    let page: Page;

    const faults: Record<Fault, () => Promise<void>> = {
      cutChannels: async () => server.cut('/colibri-ws'),
      silenceChannels: async () => server.silence('/colibri-ws'),
      cutSignalling: async () => server.cut('/xmpp-websocket'),
      restartServer: () => server.restart(AWAY_MS),
    };

    beforeEach(async () => {
      server = await ContractServer.start(script, options);
      page = await browser.newPage();
      await page.exposeFunction('passFor', (personId: string | null) => server.passFor(personId));
      await page.exposeFunction('doFault', (fault: Fault) => faults[fault]());
      await page.goto(server.origin);
    });

    afterEach(async () => {
      await page.close();
      await server.close();
      expect(server.errors).toEqual([]);
    });

    it.for(TRANSPORT_CASES)('$id $title', async ({ id, needs }, context) => {
      const inPage: Fault = 'cutChannels';
      if (needs && needs !== inPage && !able.includes(needs)) context.skip(`no way to ${needs} of a ${kind}`);
      const problems: string[] = [];
      page.on('pageerror', (error) => problems.push(String(error)));
      const result = await page.evaluate(
        ([name, faultsAble]) =>
          (globalThis as unknown as { runCase(id: string, able: readonly string[]): Promise<CaseResult> }).runCase(
            name,
            faultsAble,
          ),
        [id, able] as const,
      );
      expect(result.failure).toBeNull();
      expect(problems).toEqual([]);
    });
  });
});
