import type { Browser } from 'playwright-core';
import { launchChromium } from '@/tests/e2e/support/browser';
import { spreadText } from '@/tools/statistics';
import type { Bench, BenchResult, Say } from './benchResult';
import type { Allocations } from './scene/allocations';
import { bundleSizes } from './scene/bundleSizes';
import { type DuelFigures, duel } from './scene/duel';
import { FilledPage, SceneServer } from './scene/filledPage';
import type { Wardrobe } from './scene/pageContract';

type Peer = BenchResult['peer'];

/** Targets by number of people. */
const CPU_MS: Readonly<Record<number, number>> = { 16: 0.5, 64: 1, 200: 1.5 };
const RATIO: Readonly<Record<Wardrobe, Readonly<Record<number, number>>>> = {
  light: { 16: 5, 64: 16, 200: 38 },
  heavy: { 16: 25, 64: 45 },
};
const TARGET_200 = { draws: 60, ktris: 600, heapMegabytes: 60 } as const;
const TARGET_KB = { lobby: 140, scene: 260 } as const;

/** Size and length of the allocation measurement. */
const ALLOCATING = { people: 16, frames: 10_000 } as const;

const WHAT_IS_MEASURED = [
  "CPU is the main thread's time per frame, as Chromium counts it (ThreadTime); waiting and the GPU process do not count.",
  'Draw calls are stubbed; state changes, uniforms and uploads are not. Each frame sets 52 bones and 52 face weights of each person.',
  'Ours is the crowd alone with every avatar at the finest level: poses, rig, upload, render. This is compared.',
  'Loop is the whole frame loop with its cast, without room, cameras and plates; avatars that look small are coarser and posed less often.',
  'Naive is three-vrm: one parsed VRM per person; each frame sets normalised bones and expressions, then vrm.update and render.',
  'Light: the default avatars in turn. Heavy: a generated one of 40k triangles, 15 MToon primitives, 8 outlines, 100 spring joints, 6 constraints;',
  '  ours draws it matte, with the springs of the nearest eight; it leaves out outlines, constraints and the other springs, which',
  '  naive does.',
  'Figures are medians of several rounds, with the least and the most. Frames per second need a GPU and are not measured.',
] as const;

function rounded(value: number): number {
  return Number(value.toPrecision(4));
}

function result(
  name: string,
  value: number,
  unit: string,
  target: number | null,
  peer: Peer,
  better: BenchResult['better'] = 'lower',
): BenchResult {
  const peers = peer.map((other) => ({ name: other.name, value: rounded(other.value) }));
  return { name, value: rounded(value), unit, target, better, peer: peers };
}

function sayDuel(say: Say, wardrobe: Wardrobe, people: number, figures: DuelFigures): void {
  say(`${people} ${wardrobe}: naive takes ${spreadText(figures.ratio, 1)} times as long as ours`);
  for (const engine of ['ours', 'loop', 'naive'] as const) {
    const { cpuMs, counts, heapMegabytes } = figures[engine];
    const triangles = Math.round(counts.triangles / 1000);
    const heap = heapMegabytes.toFixed(1);
    say(`  ${engine}: ${spreadText(cpuMs, 3)} ms, ${counts.draws} draws, ${triangles}k triangles, ${heap} MB`);
  }
}

function spreadPeers({ least, most }: { least: number; most: number }): Peer {
  return [
    { name: 'least', value: least },
    { name: 'most', value: most },
  ];
}

function lightResults(people: number, figures: DuelFigures): BenchResult[] {
  const { ours, loop, naive } = figures;
  const cpuPeers = [
    { name: 'naive', value: naive.cpuMs.median },
    { name: 'loop', value: loop.cpuMs.median },
    ...spreadPeers(ours.cpuMs),
  ];
  return [
    result(`scene.${people}.cpu_ms`, ours.cpuMs.median, 'ms', CPU_MS[people] ?? null, cpuPeers),
    ratioResult('light', people, figures),
  ];
}

function ratioResult(wardrobe: Wardrobe, people: number, { ours, naive, ratio }: DuelFigures): BenchResult {
  const peers = [
    ...spreadPeers(ratio),
    { name: 'ours, ms', value: ours.cpuMs.median },
    { name: 'naive, ms', value: naive.cpuMs.median },
  ];
  const name = `scene.${people}.ratio_to_naive_${wardrobe}`;
  return result(name, ratio.median, 'times', RATIO[wardrobe][people] ?? null, peers, 'higher');
}

/** As a meeting draws them, at the levels of detail that the loop chooses. */
function crowdResults({ loop, naive }: DuelFigures): BenchResult[] {
  const { draws, ktris, heapMegabytes } = TARGET_200;
  const peer = (value: number) => [{ name: 'naive', value }];
  return [
    result('scene.200.draws', loop.counts.draws, 'draws', draws, peer(naive.counts.draws)),
    result('scene.200.ktris', loop.counts.triangles / 1000, 'ktris', ktris, peer(naive.counts.triangles / 1000)),
    result('scene.200.heap_mb', loop.heapMegabytes, 'MB', heapMegabytes, peer(naive.heapMegabytes)),
  ];
}

async function duels(browser: Browser, server: SceneServer, say: Say): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const people of [16, 64, 200]) {
    const figures = await duel(browser, server, 'light', people);
    sayDuel(say, 'light', people, figures);
    results.push(...lightResults(people, figures), ...(people === 200 ? crowdResults(figures) : []));
  }
  for (const people of [16, 64]) {
    const figures = await duel(browser, server, 'heavy', people);
    sayDuel(say, 'heavy', people, figures);
    results.push(ratioResult('heavy', people, figures));
  }
  return results;
}

function sum(bytes: Allocations['bytes']): number {
  return Object.values(bytes).reduce((total, value) => total + value, 0);
}

/** What a frame of the whole loop leaves for the garbage collector, three's part included. */
async function allocation(browser: Browser, server: SceneServer, say: Say): Promise<BenchResult> {
  const page = await FilledPage.open(browser, server, 'loop', 'light', ALLOCATING.people);
  try {
    await page.run(ALLOCATING.frames / 10);
    const { bytes, greatest } = await page.allocations(ALLOCATING.frames);
    const perFrame = (size: number) => size / ALLOCATING.frames;
    for (const { place, bytes: size } of greatest) say(`  ${perFrame(size).toFixed(2)} bytes a frame: ${place}`);
    const peers = Object.entries(bytes).map(([name, size]) => ({ name, value: perFrame(size) }));
    return result('scene.alloc.bytes_per_frame', perFrame(sum(bytes)), 'bytes', 0, peers);
  } finally {
    await page.close();
  }
}

async function bundles(say: Say): Promise<BenchResult[]> {
  const { lobby, scene } = await bundleSizes(say);
  return [
    result('bundle.lobby.kb_gz', lobby.kilobytes, 'kB', TARGET_KB.lobby, lobby.chunks),
    result('bundle.scene.kb_gz', scene.kilobytes, 'kB', TARGET_KB.scene, scene.chunks),
  ];
}

/** Up to two hundred people on a stage, our engine against three-vrm as its users drive it; and what the page downloads. */
export const sceneBench: Bench = async (_options, say) => {
  for (const line of WHAT_IS_MEASURED) say(line);
  const sizes = await bundles(say);
  const server = await SceneServer.start();
  const browser = await launchChromium();
  try {
    const figures = await duels(browser, server, say);
    return [...figures, await allocation(browser, server, say), ...sizes];
  } finally {
    await browser.close();
    await server.close();
  }
};
