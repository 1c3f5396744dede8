import type { Browser, Page } from 'playwright-core';
import { openVisitor } from '@/tests/e2e/support/browser';
import { type Allocations, sumAllocations } from './allocations';
import type { DrawCounts, Engine, ScenePage, StageOrder, Wardrobe } from './pageContract';
import { PageMeter } from './pageMeter';
import { SCRIPT_PATH, type SceneServer } from './sceneServer';
import { scriptModules } from './scriptModules';

type Global = { readonly scenePage: ScenePage };

const VIEWPORT = { width: 1280, height: 720 } as const;

/** A page of its own process with its people in it. */
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

  /** The main thread's CPU time a frame, milliseconds, over `frames` frames. */
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
