import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HubOptions } from '@/server/hub/hub';
import { TRANSPORT_CASES } from '@/tests/contract/transportCases';
import { CHANNEL_CASES } from '@/tests/contract/transportChannelCases';
import type { Fault, TransportCase } from '@/tests/contract/transportWorld';
import { LOOPBACK_MEDIA } from '@/tests/server/hub/testHub';
import { hasProsody } from '@/tools/run/prosody.mjs';
import { chromiumPath, launchChromium } from './support/browser';
import type { CaseResult } from './support/contractPage';
import { bundleForPage, type ContractServer, HubContractServer, startProsodyContract } from './support/contractServer';

interface Kind {
  readonly name: string;
  /** Of the hub; null for Prosody with the hub's focus and bridge beside it. */
  readonly options: Partial<HubOptions> | null;
  /** What the test process can do to this kind. The page cuts a data channel itself; nothing can silence one. */
  readonly faults: readonly Fault[];
  /** A data channel differs only in what sends over it or may lose it. */
  readonly cases: readonly TransportCase[];
}

const casesOf = (...ids: string[]) => TRANSPORT_CASES.filter(({ id }) => ids.includes(id));

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
    // As docker-jitsi-meet comes: presence names nobody, and lost sessions linger for a minute.
    name: 'stock Jitsi',
    options: { jicofo: {}, media: LOOPBACK_MEDIA },
    faults: ['cutSignalling', 'blockSignalling', 'restartServer'],
    cases: [...casesOf('T-2', 'T-11'), ...CHANNEL_CASES],
  },
];

/** What the library does over a real XMPP server: joins, leaves, what presence shows, resuming, sessions that linger. */
const PROSODY: Kind = {
  name: 'Prosody',
  options: null,
  faults: ['cutSignalling', 'blockSignalling'],
  cases: casesOf('T-3', 'T-22', 'T-32', 'T-56'),
};

/** The same over a second build of lib-jitsi-meet, where the tests are given one. */
const secondLibrary = process.env['TEST_JITSI_LIB'];
const SECOND_KINDS: readonly Kind[] = secondLibrary
  ? KINDS.map(({ name, options, ...kind }) => ({
      ...kind,
      name: `${name} and ${secondLibrary}`,
      options: { ...options, libJitsiMeetPath: secondLibrary },
    }))
  : [];

const kinds = [...KINDS, ...SECOND_KINDS, ...(hasProsody() ? [PROSODY] : [])];

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
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  await page.exposeFunction('passFor', (personId: string | null) => server.passFor(personId));
  await page.exposeFunction('doFault', (fault: Fault) => server.doFault(fault));
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
  for (const { name: kind, options, faults: able, cases } of kinds) {
    for (const { id, title, needs } of cases) {
      it.concurrent(`${id} ${title}, over a ${kind}`, async (context) => {
        const inPage: Fault = 'cutChannels';
        if (needs && needs !== inPage && !able.includes(needs)) context.skip(`no way to ${needs} of a ${kind}`);
        const server = await (options ? HubContractServer.start(script, options) : startProsodyContract(script));
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
