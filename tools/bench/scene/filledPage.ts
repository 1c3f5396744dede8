import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { openVisitor } from '@/tests/e2e/support/browser';
import { type Allocations, scriptModules, sumAllocations } from './allocations';
import { heavyAvatar } from './heavyAvatar';
import type { DrawCounts, Engine, ScenePage, StageOrder, Wardrobe } from './pageContract';
import { PageMeter } from './pageMeter';

const MODELS = join('public', 'models');
/** Files of coarser levels have a suffix. */
const WHOLE_MODEL = /^[a-z]+\.vrm$/;
const HTML =
  '<!doctype html><meta charset="utf-8"><link rel="icon" href="data:,"><body><script src="/script.js"></script>';

/** Path of the page's script. */
const SCRIPT_PATH = '/script.js';

async function bundlePage(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join('tools', 'bench', 'scene', 'page.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    target: 'es2022',
    tsconfig: 'tsconfig.json',
    define: { 'process.env.NODE_ENV': '"production"' },
  });
  return outputFiles[0]!.text;
}

/** Serves the benchmark's page, its script and the models. */
export class SceneServer {
  private constructor(
    private readonly server: Server,
    readonly script: string,
    private readonly files: ReadonlyMap<string, Buffer>,
  ) {}

  static async start(): Promise<SceneServer> {
    const script = await bundlePage();
    const light = readdirSync(MODELS).filter((name) => WHOLE_MODEL.test(name));
    const files = new Map([
      ['/', Buffer.from(HTML)],
      [SCRIPT_PATH, Buffer.from(script)],
      ['/heavy/heavy.vrm', heavyAvatar()],
      ...light.map((name) => [`/light/${name}`, readFileSync(join(MODELS, name))] as const),
    ]);
    const server = createServer((request, response) => {
      const body = files.get(request.url ?? '');
      const type = request.url === '/' ? 'text/html' : 'application/octet-stream';
      response.writeHead(body ? 200 : 404, { 'content-type': request.url === SCRIPT_PATH ? 'text/javascript' : type });
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new SceneServer(server, script, files);
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** Addresses of a wardrobe's models, from the page's root. */
  modelsOf(wardrobe: Wardrobe): string[] {
    return [...this.files.keys()].filter((path) => path.startsWith(`/${wardrobe}/`));
  }

  close(): Promise<void> {
    this.server.closeAllConnections();
    return new Promise((resolve) => this.server.close(() => resolve()));
  }
}

type Global = { readonly scenePage: ScenePage };

const VIEWPORT = { width: 1280, height: 720 } as const;

/** A page, in its own process, that draws people. */
export class FilledPage {
  private constructor(
    private readonly page: Page,
    private readonly meter: PageMeter,
    private readonly script: string,
  ) {}

  static async open(
    browser: Browser,
    server: SceneServer,
    engine: Engine,
    wardrobe: Wardrobe,
    people: number,
  ): Promise<FilledPage> {
    const { page, problems } = await openVisitor(browser, server.origin, { viewport: VIEWPORT, displayHz: null });
    await page.goto(server.origin);
    const filled = new FilledPage(page, await PageMeter.open(page), server.script);
    await filled.fill({ engine, people, models: server.modelsOf(wardrobe) });
    if (problems.length > 0) throw new Error(`${people} ${wardrobe} people (${engine}): ${problems.join('\n')}`);
    return filled;
  }

  /** CPU time of the main thread per frame, over `frames` frames, ms. */
  async cpuMsPerFrame(frames: number): Promise<number> {
    return (await this.meter.cpuMs(() => this.run(frames))) / frames;
  }

  heapMegabytes(): Promise<number> {
    return this.meter.heapMegabytes();
  }

  /** What `frames` frames allocate. */
  async allocations(frames: number): Promise<Allocations> {
    const head = await this.meter.allocationsOf(() => this.run(frames));
    return sumAllocations(head, scriptModules(this.script), SCRIPT_PATH);
  }

  counts(): Promise<DrawCounts> {
    return this.page.evaluate(() => (globalThis as unknown as Global).scenePage.counts());
  }

  run(frames: number): Promise<void> {
    return this.page.evaluate((count) => (globalThis as unknown as Global).scenePage.run(count), frames);
  }

  close(): Promise<void> {
    return this.page.context().close();
  }

  private fill(order: StageOrder): Promise<void> {
    return this.page.evaluate((wanted) => (globalThis as unknown as Global).scenePage.fill(wanted), order);
  }
}
