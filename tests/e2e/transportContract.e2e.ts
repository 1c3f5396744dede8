import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HubOptions } from '@/server/hub/hub';
import { TRANSPORT_CASES } from '@/tests/contract/transportCases';
import { CHANNEL_CASES } from '@/tests/contract/transportChannelCases';
import { type Fault, SIGNALLING_AWAY_MS, type TransportCase } from '@/tests/contract/transportWorld';
import { LOOPBACK_MEDIA } from '@/tests/server/hub/testHub';
import { chromiumPath, launchChromium } from './support/browser';
import type { CaseResult } from './support/contractPage';
import { bundleForPage, ContractServer } from './support/contractServer';

/** How long a restarted server is away. */
const AWAY_MS = 500;

interface Kind {
  readonly name: string;
  readonly options: Partial<HubOptions>;
  /** What the test process can do to this kind. The page cuts a data channel itself; nothing can silence one. */
  readonly faults: readonly Fault[];
  /** A data channel differs only in what sends over it or may lose it. */
  readonly cases: readonly TransportCase[];
}

/** As docker-jitsi-meet, with mod_presence_identity; lost sessions end sooner, within the time of a case. */
const STOCK: Partial<HubOptions> = {
  jicofo: { identity: true },
  media: LOOPBACK_MEDIA,
  limits: { resumeWindowMs: 15_000 },
};

const KINDS: readonly Kind[] = [
  {
    name: 'WebSocket',
    options: {},
    // This hub carries no media, so that none comes through.
    faults: ['cutChannels', 'silenceChannels', 'cutSignalling', 'blockSignalling', 'restartServer', 'blockMedia'],
    cases: TRANSPORT_CASES,
  },
  {
    name: 'data channel',
    options: { bridgeChannel: 'datachannel', media: LOOPBACK_MEDIA },
    faults: ['cutSignalling', 'blockSignalling', 'restartServer'],
    cases: CHANNEL_CASES,
  },
  {
    name: 'stock Jitsi',
    options: STOCK,
    faults: ['cutSignalling', 'blockSignalling', 'restartServer'],
    cases: CHANNEL_CASES,
  },
];

/** The same over a second build of lib-jitsi-meet, where the tests are given one. */
const secondLibrary = process.env['TEST_JITSI_LIB'];
const SECOND_KINDS: readonly Kind[] = secondLibrary
  ? KINDS.map(({ name, options, ...kind }) => ({
      ...kind,
      name: `${name} and ${secondLibrary}`,
      options: { ...options, libJitsiMeetPath: secondLibrary },
    }))
  : [];

let browser: Browser;
let script: string;

if (!chromiumPath)
  console.warn('No Chromium found (set CHROMIUM_PATH): the transport contract does not run in a browser.');

interface CaseOutcome {
  readonly result: CaseResult;
  /** Errors that the page threw besides. */
  readonly problems: readonly string[];
}

async function runCase(
  page: Page,
  server: ContractServer,
  caseId: string,
  able: readonly Fault[],
): Promise<CaseOutcome> {
  const faults: Record<Fault, () => Promise<void>> = {
    cutChannels: async () => server.cut('/colibri-ws'),
    silenceChannels: async () => server.silence('/colibri-ws'),
    cutSignalling: async () => server.cut('/xmpp-websocket'),
    blockSignalling: async () => server.current.block('/xmpp-websocket', SIGNALLING_AWAY_MS),
    restartServer: () => server.restart(AWAY_MS),
    blockMedia: async () => {},
  };
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.exposeFunction('passFor', (personId: string | null) => server.passFor(personId));
  await page.exposeFunction('doFault', (fault: Fault) => faults[fault]());
  await page.goto(server.origin);
  type Runner = { runCase(id: string, able: readonly string[]): Promise<CaseResult> };
  const result = await page.evaluate(
    ([name, faultsAble]) => (globalThis as unknown as Runner).runCase(name, faultsAble),
    [caseId, able] as const,
  );
  return { result, problems };
}

describe.skipIf(!chromiumPath)('the transport contract in Chromium', () => {
  beforeAll(async () => {
    [browser, script] = await Promise.all([
      launchChromium([], 'withoutWebgl'),
      bundleForPage('tests/e2e/support/contractPage.ts'),
    ]);
  });

  afterAll(() => browser?.close());

  // Several at a time, each with its own page and server: the cases mostly wait.
  for (const { name: kind, options, faults: able, cases } of [...KINDS, ...SECOND_KINDS]) {
    for (const { id, title, needs } of cases) {
      it.concurrent(`${id} ${title}, over a ${kind}`, async (context) => {
        const inPage: Fault = 'cutChannels';
        if (needs && needs !== inPage && !able.includes(needs)) context.skip(`no way to ${needs} of a ${kind}`);
        const server = await ContractServer.start(script, options);
        const page = await browser.newPage();
        try {
          const { result, problems } = await runCase(page, server, id, able);
          expect(result.failure).toBeNull();
          expect(problems).toEqual([]);
        } finally {
          await page.close();
          await server.close();
        }
        expect(server.errors).toEqual([]);
      });
    }
  }
});
