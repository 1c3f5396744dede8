import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Marker } from '../svg/marker';
import { type PlotPoint, type PlotSeries, renderPlot } from '../svg/plot';
import type { Comparison, Played } from './comparison';

/** Where the plot of the last run lies. */
export const PLAYOUT_PLOT_PATH = new URL('../../../tests/bench/results/playout.svg', import.meta.url).pathname;

/** Filled and hollow can be told apart on these. */
const SHAPES: readonly Marker[] = ['circle', 'square', 'triangle', 'diamond'];
/** Room for what is written beside the rightmost point, ms. */
const LABEL_MS = 55;

function labelOf({ measured: { freezesPerMin } }: Played): string {
  return `${freezesPerMin.toFixed(freezesPerMin < 9.5 ? 1 : 0)} freezes/min`;
}

const shortName = (name: string) => name.replace('buffered-interpolation', 'buffered');

/** Filled and with their freezes on the Wi-Fi, hollow under jitter, where hardly anything freezes. */
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

/** Latency against error of all ways of playing, on both networks. */
export function renderPlayoutPlot(jitter: Comparison, wifi: Comparison, note: string): string {
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

/** Writes the plot where results are kept. */
export function writePlayoutPlot(svg: string, path = PLAYOUT_PLOT_PATH): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, svg);
}
