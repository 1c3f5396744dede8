import { Playout } from '@/lib/playout/playout';
import { ALL_PARTS, createPose } from '@/lib/pose/pose';
import { type Bench, type BenchResult, round, type Say } from './benchResult';
import { heapResult } from './heapGrowth';
import { type Comparison, compare, type Measured, type Played } from './playout/measure';
import { jitterNetwork, type Network, readTrace, traceNetwork, wifiNetwork } from './playout/networks';
import type { SendRate } from './playout/simulate';
import { loadTruths } from './playout/truth';
import { type PlotPoint, type PlotSeries, renderPlot, writePlot } from './svg/plot';
import type { Marker } from './svg/shapes';

/** Shapes that differ when filled and hollow. */
const SHAPES: readonly Marker[] = ['circle', 'square', 'triangle', 'diamond'];
/** Space for the label beside the rightmost point, ms. */
const LABEL_MS = 55;

function labelOf({ measured: { freezesPerMin } }: Played): string {
  return `${freezesPerMin.toFixed(freezesPerMin < 9.5 ? 1 : 0)} freezes/min`;
}

const shortName = (name: string) => name.replace('buffered-interpolation', 'buffered');

/** Filled and labelled with their freezes on Wi-Fi; hollow under jitter, where hardly anything freezes. */
function seriesOf({ ours, peers }: Comparison, isWifi: boolean): PlotSeries[] {
  return [ours, ...peers].map((played, index) => ({
    label: `${shortName(played.name)}, ${isWifi ? 'Wi-Fi' : 'jitter'}`,
    isLine: false,
    points: [
      { x: played.measured.latencyMs, y: played.measured.p95Deg, label: isWifi ? labelOf(played) : undefined },
    ] satisfies PlotPoint[],
    marker: SHAPES[index % SHAPES.length],
    colour: index,
    isHollow: !isWifi,
  }));
}

/** Latency against error of all players, on both networks. */
function renderPlayoutPlot(jitter: Comparison, wifi: Comparison, note: string): string {
  const series = [...seriesOf(wifi, true), ...seriesOf(jitter, false)];
  const points = series.flatMap((one) => one.points);
  const latencies = points.map(({ x }) => x);
  const worstDeg = Math.max(...points.map(({ y }) => y));
  return renderPlot({
    title: 'Playing 30 frames a second: latency against error (lower left is better)',
    note,
    x: {
      label: 'from capture to drawing, mean, ms (the network alone takes about 50)',
      scale: 'linear',
      min: Math.min(40, ...latencies),
      max: Math.max(...latencies) + LABEL_MS,
    },
    y: { label: 'error of a bone, 95th percentile, degrees', scale: 'linear', min: 0, max: worstDeg * 1.1 },
    series,
  });
}

/** A figure of a network: last part of its name, unit, target at 30 fps, and how to compute it. */
interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly digits: number;
  readonly target: number | null;
  of(measured: Measured, network: Network): number;
}

const latency: Figure = { name: 'latency_ms', unit: 'ms', digits: 1, target: null, of: (m) => m.latencyMs };
const mean: Figure = { name: 'mean_deg', unit: 'deg', digits: 3, target: null, of: (m) => m.meanDeg };
const p95: Figure = { name: 'p95_deg', unit: 'deg', digits: 2, target: null, of: (m) => m.p95Deg };
const freezes: Figure = {
  name: 'freezes_per_min',
  unit: '1/min',
  digits: 2,
  target: null,
  of: (m) => m.freezesPerMin,
};
const jumps: Figure = { name: 'jumps_per_min', unit: '1/min', digits: 2, target: null, of: (m) => m.jumpsPerMin };

const JITTER_FIGURES: readonly Figure[] = [
  { ...latency, name: 'added_ms', target: 50, of: (m, network) => m.latencyMs - network.meanMs },
  mean,
  p95,
  { ...freezes, target: 0 },
  { ...jumps, target: 0 },
];
const WIFI_FIGURES: readonly Figure[] = [
  { ...latency, target: 115 },
  mean,
  { ...p95, target: 3 },
  { ...freezes, target: 1 },
  { ...jumps, target: 3 },
];
const TRACE_FIGURES: readonly Figure[] = [latency, mean, p95, freezes, jumps];

const RATES: readonly SendRate[] = [
  { fps: 30, framesPerPacket: 1 },
  { fps: 20, framesPerPacket: 1 },
  { fps: 10, framesPerPacket: 1 },
];
/** As frames travel: two in a packet; at 10 fps, one. */
const PACKET_RATES: readonly SendRate[] = [
  { fps: 30, framesPerPacket: 2 },
  { fps: 20, framesPerPacket: 2 },
];
const MAIN_FPS = 30;

function suffixOf({ fps, framesPerPacket }: SendRate): string {
  const rate = fps === MAIN_FPS && framesPerPacket === 1 ? '' : `@${fps}fps`;
  return framesPerPacket === 1 ? rate : `${rate}x${framesPerPacket}`;
}

function resultsOf({ network, rate, ours, peers }: Comparison, figures: readonly Figure[]): BenchResult[] {
  const suffix = suffixOf(rate);
  return figures.map(({ name, unit, digits, target, of }) => ({
    name: `playout.${network.name}.${name}${suffix}`,
    value: round(of(ours.measured, network), digits),
    unit,
    target: suffix === '' ? target : null,
    better: 'lower',
    peer: peers.map((peer) => ({ name: peer.name, value: round(of(peer.measured, network), digits) })),
  }));
}

function row({ name, measured }: Played): string {
  const { latencyMs, meanDeg, p95Deg, frozenPercent, freezesPerMin, jumpsPerMin } = measured;
  const cells = [
    `latency ${latencyMs.toFixed(0).padStart(3)} ms`,
    `mean ${meanDeg.toFixed(2)} deg`,
    `p95 ${p95Deg.toFixed(2)} deg`,
    `frozen ${frozenPercent.toFixed(1).padStart(4)} %`,
    `freezes ${freezesPerMin.toFixed(1).padStart(4)}/min`,
    `jumps ${jumpsPerMin.toFixed(1).padStart(5)}/min`,
  ];
  return `  ${name.padEnd(30)} ${cells.join('  ')}`;
}

function run(truths: Parameters<typeof compare>[0], network: Network, rate: SendRate, say: Say): Comparison {
  const comparison = compare(truths, network, rate);
  const packets = rate.framesPerPacket === 1 ? '' : `, ${rate.framesPerPacket} in a packet`;
  say(`Network "${network.name}", ${rate.fps} frames a second${packets}:`);
  for (const played of [comparison.ours, ...comparison.peers]) say(row(played));
  return comparison;
}

/** What receiving and drawing a frame leave on the heap, on a path that is quick and on one that stalls half of the time. */
function heapResults(): BenchResult[] {
  const pose = createPose();
  pose.parts = ALL_PARTS;
  const out = createPose();
  const [steady, stalled] = [new Playout(), new Playout()];
  return [
    heapResult('playout.heap.bytes_per_push', 300, (index) => steady.push(pose, index * 33, index * 33)),
    heapResult('playout.heap.bytes_per_sample', 300, (index) => steady.sample(index * 33, out)),
    heapResult('playout.heap.bytes_per_stalled_frame', 600, (index) => {
      if (index % 24 >= 12) for (let k = 0; k < 2; k += 1) stalled.push(pose, (index - 12 * k) * 16, index * 16);
      stalled.sample(index * 16, out);
    }),
  ];
}

/** Playout and its peers on modelled networks or a measured one, and a plot of latency against error. */
export const playoutBench: Bench = async ({ clipsDir, tracePath }, say) => {
  const trace = tracePath === null ? null : traceNetwork(readTrace(tracePath));
  const truths = loadTruths(clipsDir, say);
  const seconds = truths.reduce((sum, { durationMs }) => sum + durationMs / 1000, 0);
  const source = clipsDir === null ? 'generated clips' : 'recorded motion';
  const note = `${truths.length} clips, ${seconds.toFixed(0)} s of ${source}, each played three times; drawn at 60 Hz; "buffered" is npm's buffered-interpolation`;
  say(note);
  const rates = [...RATES, ...PACKET_RATES];
  if (trace) return rates.flatMap((rate) => resultsOf(run(truths, trace, rate, say), TRACE_FIGURES));
  const jitter = rates.map((rate) => run(truths, jitterNetwork, rate, say));
  const wifi = rates.map((rate) => run(truths, wifiNetwork, rate, say));
  writePlot('playout', renderPlayoutPlot(jitter[0]!, wifi[0]!, note));
  return [
    ...jitter.flatMap((comparison) => resultsOf(comparison, JITTER_FIGURES)),
    ...wifi.flatMap((comparison) => resultsOf(comparison, WIFI_FIGURES)),
    ...heapResults(),
  ];
};
