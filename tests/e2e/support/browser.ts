import { existsSync } from 'node:fs';
import {
  type Browser,
  type BrowserContext,
  type BrowserServer,
  chromium,
  type LaunchOptions,
  type Page,
} from 'playwright-core';
import { slowDisplay } from './slowDisplay';

const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Path of the Chromium for these tests, or null if none is installed. */
export const chromiumPath = process.env.CHROMIUM_PATH ?? PLACES.find((path) => existsSync(path)) ?? null;

/** Those that Playwright switches off, since of two lists the last one counts. */
const PLAYWRIGHTS_FEATURES = [
  'AvoidUnnecessaryBeforeUnloadCheckSync',
  'DestroyProfileOnBrowserClose',
  'HttpsUpgrades',
  'HttpsFirstBalancedModeAutoEnable',
  'LensOverlay',
  'MediaRouter',
  'PaintHolding',
  'ThirdPartyStoragePartitioning',
  'AvoidCorsURLLoaderRestartOnRedirect',
  'TcpPortRandomizationWin',
  'OptimizationHints',
  'NetworkTimeServiceQuerying',
  'AimEnabled',
  'PreconnectToSearch',
  'msForceBrowserSignIn',
  'msEdgeUpdateLaunchServicesPreferredVersion',
];

/** Pages of each window's address bar, and a process in reserve: more than half of what it costs to open a window. */
const WINDOW_FEATURES = [
  'WebUIOmniboxPopup',
  'WebUIOmniboxAimPopup',
  'WebUIOmniboxFullPopup',
  'SpareRendererForSitePerProcess',
];

const DISABLED = '--disable-features=';

const FLAGS = [
  `${DISABLED}${[...PLAYWRIGHTS_FEATURES, ...WINDOW_FEATURES].join()}`,
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-background-timer-throttling',
  '--disable-renderer-backgrounding',
  '--disable-backgrounding-occluded-windows',
];

/** Only ends what hangs: on a busy machine a page may take long to open. */
export const HANGS_AFTER_MS = 90_000;

/** WebGL2 on the CPU: costs a core for each page in sight, so only tests that look at the scene draw. */
const DRAWING = ['--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'];

/** No WebGL: the meeting's page shows its list of people instead of the scene. */
const WITHOUT_WEBGL = ['--disable-gpu', '--disable-3d-apis'];

/** Fake devices, granted without a prompt: a microphone that beeps once a second, a screen that moves. */
export const FAKE_DEVICES = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];

/** Whether a browser draws the scene. */
export type BrowserKind = 'drawing' | 'withoutWebgl';

function launchOptions(kind: BrowserKind, moreFlags: readonly string[]): LaunchOptions {
  if (!chromiumPath) throw new Error('No Chromium: set CHROMIUM_PATH.');
  const args = [...FLAGS, ...(kind === 'drawing' ? DRAWING : WITHOUT_WEBGL), ...moreFlags];
  return { executablePath: chromiumPath, headless: true, args };
}

/** A Chromium of the caller's own, for tests that need special flags. */
export function launchChromium(moreFlags: readonly string[] = [], kind: BrowserKind = 'drawing'): Promise<Browser> {
  return chromium.launch(launchOptions(kind, moreFlags));
}

/** Throws if Playwright switches off what `PLAYWRIGHTS_FEATURES` lacks. */
function checkFeatures(flags: readonly string[]): void {
  const lists = flags.filter((flag) => flag.startsWith(DISABLED)).map((flag) => flag.slice(DISABLED.length).split(','));
  const lost = lists.flat().filter((feature) => !lists.at(-1)?.includes(feature));
  if (lost.length > 0) throw new Error(`Add to PLAYWRIGHTS_FEATURES: ${lost.join(', ')}`);
}

/** A Chromium that test files share. */
export async function serveChromium(kind: BrowserKind): Promise<BrowserServer> {
  const server = await chromium.launchServer(launchOptions(kind, []));
  checkFeatures(server.process().spawnargs);
  return server;
}

/** A page in a browser context of its own, which collects its errors. */
export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Uncaught errors and console errors, as text. */
  readonly problems: string[];
  /** Requested addresses outside `origin`. */
  readonly foreignRequests: string[];
}

/** A page that is not given a core for long enough loses its channel, and gets another. */
const STARVED = /BridgeChannel\.js\] <e\.on(close|error)>/;

/** Those of a page's problems that a busy machine cannot bring about. That channels last is what drills measure. */
export function faultsOf(problems: readonly string[]): string[] {
  return problems.filter((problem) => !STARVED.test(problem));
}

interface VisitorOptions {
  readonly viewport?: { width: number; height: number };
  readonly locale?: string;
  readonly colorScheme?: 'light' | 'dark';
  /** Most rendered frames a second; null for as many as the browser draws. */
  readonly displayHz?: number | null;
}

/** Opens a small window on a slow display, so that drawing on the CPU does not dominate what is tested. */
export async function openVisitor(
  browser: Browser,
  origin: string,
  { displayHz = 6, ...options }: VisitorOptions = {},
): Promise<Visitor> {
  const context = await browser.newContext({ viewport: { width: 480, height: 320 }, locale: 'en-GB', ...options });
  // tsx, which runs the benchmarks, marks functions with a helper that pages lack.
  await context.addInitScript('globalThis.__name ??= (value) => value');
  context.setDefaultTimeout(HANGS_AFTER_MS);
  if (displayHz !== null) await slowDisplay(context, displayHz);
  const page = await context.newPage();
  const problems: string[] = [];
  const foreignRequests: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('request', (request) => {
    const url = request.url();
    if (/^https?:/.test(url) && !url.startsWith(origin)) foreignRequests.push(url);
  });
  return { page, context, problems, foreignRequests };
}

/** The visitors of one test. */
export class Visitors {
  private present: Visitor[] = [];

  constructor(
    private readonly browser: Browser,
    private readonly origin: string,
  ) {}

  /** Opens `url` in a window of its own. */
  async visit(url: string, viewport: { width: number; height: number }): Promise<Page> {
    const visitor = await openVisitor(this.browser, this.origin, { viewport });
    this.present.push(visitor);
    await visitor.page.goto(url);
    return visitor.page;
  }

  /** Closes all windows. */
  async leave(): Promise<void> {
    await Promise.all(this.present.splice(0).map(({ context }) => context.close()));
  }
}
