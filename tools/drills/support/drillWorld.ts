import type { Browser } from 'playwright-core';
import { createParleyClient, type ParleyClient } from '@/lib/api';
import { type BrowserKind, launchChromium } from '@/tests/e2e/support/browser';
import type { BotParticipant } from '@/tools/bot/botParticipant';
import { NetworkProxy } from '../network/networkProxy';
import { SiteDoor } from '../network/siteDoor';
import { Crowd, type CrowdOptions } from './crowd';
import { DrillServer } from './drillServer';
import { msUntil } from './listening';
import { type PageOptions, PageParticipant } from './pageParticipant';
import { findJitsi, type SiteJitsi } from './siteJitsi';

/** Size and length of the drills. */
export interface DrillScale {
  /** People in a meeting, including the page. */
  readonly people: number;
  /** How long a laptop sleeps. */
  readonly asleepMs: number;
  /** How often 32 people ask for 16 seats. */
  readonly seatRaces: number;
  /** How long pages stay open. */
  readonly soakMs: number;
  /** How long a steady state is measured. */
  readonly steadyMs: number;
  /** How long requests come in a flood. */
  readonly floodMs: number;
  /** How long the database is stopped. */
  readonly databaseAwayMs: number;
  /** How long the database hangs. */
  readonly databaseHungMs: number;
  /** How long idle connections stand open; a stay ends 15 s after its last sign of life. */
  readonly idleMs: number;
  /** Until clocks, playout delays and qualities of a full meeting have settled. */
  readonly settlingMs: number;
  /** How long its budget is measured. */
  readonly budgetMs: number;
  /** How long the XMPP server is away, whole seconds. */
  readonly xmppAwayMs: number;
  /** How long a meeting has no bridge, whole seconds. */
  readonly bridgeAwayMs: number;
  /** How long somebody is alone. */
  readonly aloneMs: number;
  /** How often a recorder is killed. */
  readonly recorderKills: number;
  /** How long the storage of recordings is away. */
  readonly storageAwayMs: number;
  /** How long a recording is that is exported. */
  readonly exportedMs: number;
  /** How long a recording is that is made of simulated time. */
  readonly longMs: number;
}

export const FULL_SCALE: DrillScale = {
  people: 16,
  asleepMs: 60_000,
  seatRaces: 100,
  soakMs: 600_000,
  steadyMs: 10_000,
  floodMs: 60_000,
  databaseAwayMs: 60_000,
  databaseHungMs: 30_000,
  idleMs: 40_000,
  settlingMs: 8_000,
  budgetMs: 20_000,
  xmppAwayMs: 8_000,
  // Jicofo waits 15 s for the bridge that has died and tries none for another 10 s (`failure-reset-threshold` in deploy/).
  bridgeAwayMs: 25_000,
  // Jicofo ends the session of somebody who has been alone for 20 s.
  aloneMs: 22_000,
  recorderKills: 500,
  storageAwayMs: 60_000,
  exportedMs: 60_000,
  longMs: 3 * 3_600_000,
};

export const QUICK_SCALE: DrillScale = {
  people: 3,
  asleepMs: 6_000,
  seatRaces: 3,
  soakMs: 20_000,
  steadyMs: 2_000,
  floodMs: 3_000,
  // Longer than a stay lives.
  databaseAwayMs: 17_000,
  databaseHungMs: 17_000,
  idleMs: 20_000,
  settlingMs: 4_000,
  budgetMs: 4_000,
  xmppAwayMs: 3_000,
  bridgeAwayMs: 3_000,
  aloneMs: 1_000,
  recorderKills: 12,
  storageAwayMs: 4_000,
  exportedMs: 4_000,
  longMs: 60_000,
};

/** What a bridge channel runs over, as bots and the setting of our hub name it. */
export type Channel = NonNullable<BotParticipant['transport']['channelKind']>;

const CHANNEL_MAX_MS = 30_000;

/** What all drills of a run share. */
export interface DrillSetting {
  readonly url: string;
  /** Null if the server was started elsewhere. */
  readonly server: DrillServer | null;
  readonly scale: DrillScale;
  /**
   * Whether other work may take the cores: figures which depend on load are not judged, and pages do not draw.
   */
  readonly onBusyMachine: boolean;
  /** Opens the browser of a drill's pages; by default a Chromium of its own. */
  openBrowser?(kind: BrowserKind): Promise<Browser>;
  say(line: string): void;
}

/** The world of one drill: opens what the drill needs and closes it afterwards. */
export class DrillWorld {
  readonly client: ParleyClient;
  private readonly address = nextAddress();
  private readonly closings: (() => Promise<unknown>)[] = [];
  private launched: Promise<Browser> | null = null;

  constructor(
    private readonly setting: DrillSetting,
    private readonly pages: BrowserKind,
  ) {
    this.client = this.clientOf(setting.url);
  }

  /** An API client of the site at `url`, with an address that no other drill has. */
  clientOf(url: string, address = this.address): ParleyClient {
    const send: typeof fetch = (target, init) =>
      fetch(target, { ...init, headers: withAddress(init?.headers, address) });
    return createParleyClient({ url, fetch: send });
  }

  get url(): string {
    return this.setting.url;
  }

  /** Whether pages draw the scene. */
  get draws(): boolean {
    return this.pages === 'drawing';
  }

  get scale(): DrillScale {
    return this.setting.scale;
  }

  /** Whether the server may be killed. */
  get hasServer(): boolean {
    return this.setting.server !== null;
  }

  /** The server, if it may be killed. @throws Error if it was started elsewhere */
  get server(): DrillServer {
    if (!this.setting.server) throw new Error('This server was started elsewhere and must not be killed.');
    return this.setting.server;
  }

  say(line: string): void {
    this.setting.say(line);
  }

  async createMeeting(url = this.url): Promise<string> {
    return (await this.clientOf(url).meeting.create({ title: 'Drill' })).id;
  }

  /** The Jitsi that the site uses. */
  jitsi(): Promise<SiteJitsi> {
    return findJitsi(this.client, this.url);
  }

  /** What bridge channels run over at the site at `url`. */
  async channelAt(url: string): Promise<Channel> {
    const crowd = await this.crowd({ url, meetingId: await this.createMeeting(url), count: 2 });
    const kind = () => crowd.bots[0]!.transport.channelKind;
    await msUntil('there is a channel', () => kind() !== null, CHANNEL_MAX_MS);
    const offered = kind()!;
    await crowd.leave();
    return offered;
  }

  /** Headless participants, which leave after the drill. */
  async crowd(options: Omit<CrowdOptions, 'client'>): Promise<Crowd> {
    const crowd = await Crowd.join({ ...options, client: this.clientOf(options.url) });
    this.after(() => crowd.leave());
    return crowd;
  }

  /** The browser that all pages of the drill share. */
  browser(): Promise<Browser> {
    this.launched ??= this.launch();
    return this.launched;
  }

  /** A page that joins as a participant. */
  async page(options: PageOptions): Promise<PageParticipant> {
    const page = await PageParticipant.join(await this.browser(), options);
    this.after(() => page.close());
    return page;
  }

  /** A network that leads to the site at `url` and to the Jitsi that it uses, wherever that is: sockets and media. */
  async proxy(url = this.url): Promise<NetworkProxy> {
    const door = await SiteDoor.open(url);
    this.after(() => door.close());
    const proxy = await NetworkProxy.start(door.url);
    this.after(() => proxy.close());
    door.placeIn({
      url: proxy.url,
      portFor: (bridge, carriesChannel) => proxy.openPath(carriesChannel ? 'channel' : 'media', bridge),
    });
    return proxy;
  }

  /** Another server, with its own settings, and with a limit on the files and sockets that it may have open. */
  async otherServer(settings: Record<string, string>, descriptorsMax: number | null = null): Promise<DrillServer> {
    const server = await DrillServer.start(settings, descriptorsMax);
    this.after(() => server.stop());
    return server;
  }

  /** Calls `close` after the drill, in reverse order. */
  after(close: () => Promise<unknown>): void {
    this.closings.push(close);
  }

  /** Closes everything; what fails to close is gone already. */
  async close(): Promise<void> {
    for (const close of this.closings.splice(0).reverse()) await close().catch(() => {});
  }

  private async launch(): Promise<Browser> {
    const { openBrowser = (kind: BrowserKind) => launchChromium([], kind) } = this.setting;
    const browser = await openBrowser(this.pages);
    this.after(() => browser.close());
    return browser;
  }
}

let addresses = 0;

/** The next address of the block for tests: callers are limited by address, and all drills run on one machine. */
export function nextAddress(): string {
  addresses += 1;
  return `198.18.${Math.floor(addresses / 256) % 256}.${addresses % 256}`;
}

function withAddress(headers: HeadersInit | undefined, address: string): Headers {
  const marked = new Headers(headers);
  marked.set('x-forwarded-for', address);
  return marked;
}
