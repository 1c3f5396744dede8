import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HubOptions } from '@/server/hub/hub';
import { TRANSPORT_CASES } from '@/tests/contract/transportCases';
import { CHANNEL_CASES } from '@/tests/contract/transportChannelCases';
import type { Fault, TransportCase } from '@/tests/contract/transportWorld';
import { LOOPBACK_MEDIA, type TestHub } from '@/tests/server/hub/testHub';
import { hasProsody } from '@/tools/run/prosody.mjs';
import { chromiumPath } from './support/browser';
import type { CaseResult } from './support/contractPage';
import {
  bundleForPage,
  type ContractServer,
  HubContractServer,
  servePage,
  startProsodyContract,
} from './support/contractServer';
import { connectChromium } from './support/sharedChromium';

interface Kind {
  readonly name: string;
  /** The build of lib-jitsi-meet; the one that the application ships where left out. */
  readonly library?: string;
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
  ? KINDS.map((kind) => ({ ...kind, name: `${kind.name} and ${secondLibrary}`, library: secondLibrary }))
  : [];

const kinds = [...KINDS, ...SECOND_KINDS, ...(hasProsody() ? [PROSODY] : [])];

if (!chromiumPath)
  console.warn('No Chromium found (set CHROMIUM_PATH): the transport contract does not run in a browser.');

interface CaseOutcome {
  readonly result: CaseResult;
  /** Errors that the page threw meanwhile. */
  readonly problems: readonly string[];
}

/** A page that runs cases, and what serves it. Many cases share it: compiling the library takes a second for each page. */
class ContractPage {
  private readonly servers: ContractServer[] = [];
  private readonly problems: string[] = [];

  private constructor(
    private readonly site: TestHub,
    private readonly page: Page,
  ) {
    page.on('pageerror', (error) => this.problems.push(String(error)));
  }

  static async open(browser: Browser, script: string, library: string | undefined): Promise<ContractPage> {
    const site = await servePage(script, library);
    const contract = new ContractPage(site, await browser.newPage());
    await contract.load();
    return contract;
  }

  async run(caseId: string, server: ContractServer, able: readonly Fault[]): Promise<CaseOutcome> {
    const conference = this.servers.push(server) - 1;
    const problemsBefore = this.problems.length;
    type Runner = { runCase(id: string, conference: number, able: readonly string[]): Promise<CaseResult> };
    const result = await this.page.evaluate(
      ([name, number, faultsAble]) => (globalThis as unknown as Runner).runCase(name, number, faultsAble),
      [caseId, conference, able] as const,
    );
    return { result, problems: this.problems.slice(problemsBefore) };
  }

  async close(): Promise<void> {
    await this.page.close();
    await this.site.close();
  }

  private async load(): Promise<void> {
    const origin = `http://localhost:${this.site.port}`;
    const libUrl = `${origin}/libs/lib-jitsi-meet.min.js`;
    await this.page.exposeFunction('passFor', (conference: number, personId: string | null) =>
      this.servers[conference]!.passFor(personId, libUrl),
    );
    await this.page.exposeFunction('doFault', (conference: number, fault: Fault) =>
      this.servers[conference]!.doFault(fault),
    );
    await this.page.goto(origin);
  }
}

describe.skipIf(!chromiumPath)('the transport contract in Chromium', () => {
  let browser: Browser;
  /** By the build of lib-jitsi-meet, of which a page can have only one. */
  const pages = new Map<string | undefined, ContractPage>();

  beforeAll(async () => {
    let script: string;
    [browser, script] = await Promise.all([connectChromium(), bundleForPage('tests/e2e/support/contractPage.ts')]);
    for (const library of new Set(kinds.map((kind) => kind.library)))
      pages.set(library, await ContractPage.open(browser, script, library));
  });

  afterAll(async () => {
    await Promise.all([...pages.values()].map((page) => page.close()));
    await browser?.close();
  });

  // Many at a time, each with its own server: the cases mostly wait.
  for (const { name: kind, library, options, faults: able, cases } of kinds) {
    for (const { id, title, needs } of cases) {
      it.concurrent(`${id} ${title}, over a ${kind}`, async (context) => {
        const inPage: Fault = 'cutChannels';
        if (needs && needs !== inPage && !able.includes(needs)) context.skip(`no way to ${needs} of a ${kind}`);
        const server = await (options ? HubContractServer.start(options) : startProsodyContract());
        try {
          const { result, problems } = await pages.get(library)!.run(id, server, able);
          expect(result.failure).toBeNull();
          expect(problems).toEqual([]);
        } finally {
          await server.close();
        }
        expect(server.errors).toEqual([]);
      });
    }
  }
});
