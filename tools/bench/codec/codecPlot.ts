import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { rangeOf } from '../svg/axis';
import { type PlotPoint, type PlotSeries, renderPlot } from '../svg/plot';
import type { RateMeasurement } from './measureRate';
import { type Measured, type RateSet, usual } from './peerSet';

/** Where the plot of the last run is. */
export const CODEC_PLOT_PATH = new URL('../../../tests/bench/results/codec.svg', import.meta.url).pathname;

/** Exact codecs stand at the left edge: a logarithmic axis has no zero. */
const EXACT_DEG = 0.02;
const ERROR_TICKS = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5];
const ERROR_MAX_DEG = 4;
const TARGET_DEG = 0.5;

type DegreesOf = (measurement: RateMeasurement) => number;

const point = (measurement: RateMeasurement, degreesOf: DegreesOf): PlotPoint => ({
  x: Math.max(EXACT_DEG, degreesOf(measurement)),
  y: measurement.kbps,
});

function curve({ levels }: Measured, label: string, colour: number, degreesOf: DegreesOf, isFull: boolean): PlotSeries {
  const points = levels.map((level) => point(level, degreesOf)).filter(({ x }) => x <= ERROR_MAX_DEG);
  const marker = colour === 0 ? 'circle' : 'square';
  return { label, isLine: true, points, colour, marker, isDashed: !isFull, isHollow: !isFull };
}

function exact(measured: Measured, colour: number, degreesOf: DegreesOf, isFull: boolean): PlotSeries {
  const which = isFull ? 'full' : 'body';
  const label = `${measured.codec.name}, ${which}`;
  return {
    label,
    isLine: false,
    points: [point(usual(measured), degreesOf)],
    colour,
    marker: 'diamond',
    isHollow: !isFull,
  };
}

function seriesOf(body: RateSet, full: RateSet): PlotSeries[] {
  const bodyDeg: DegreesOf = ({ errors }) => errors?.bodyDeg ?? 0;
  const allDeg: DegreesOf = ({ errors }) => errors?.allDeg ?? 0;
  const named = (set: RateSet, name: string) => set.plain.find(({ codec }) => codec.name === name)!;
  const both = (name: string, colour: number) => [
    exact(named(full, name), colour, allDeg, true),
    exact(named(body, name), colour, bodyDeg, false),
  ];
  return [
    curve(full.ours, 'Parley, full pose', 0, allDeg, true),
    curve(body.ours, 'Parley, body', 0, bodyDeg, false),
    curve(full.smallestThree, 'smallest-three, full', 1, allDeg, true),
    curve(body.smallestThree, 'smallest-three, body', 1, bodyDeg, false),
    curve(full.deflated[1]!, '+ deflate 6, full', 2, allDeg, true),
    curve(body.deflated[1]!, '+ deflate 6, body', 2, bodyDeg, false),
    ...both('msgpack float32', 3),
    ...both('JSON quaternions', 4),
    ...both('JSON landmarks', 6),
  ];
}

/** Rate against error of every codec, as an SVG document. `note` says what it was measured on. */
export function renderCodecPlot(body: RateSet, full: RateSet, note: string): string {
  const series = seriesOf(body, full);
  const rates = series.flatMap(({ points }) => points.map(({ y }) => y));
  return renderPlot({
    title: 'What a pose takes on the way, against its error',
    note,
    x: {
      label: 'mean rotation error, degrees (left edge: exact)',
      scale: 'log',
      min: EXACT_DEG,
      max: ERROR_MAX_DEG,
      ticks: ERROR_TICKS.filter((tick) => tick <= ERROR_MAX_DEG),
    },
    y: { label: 'payload at 30 fps, kbps', scale: 'log', ...rangeOf(rates, 'log', 0.06) },
    series,
    targets: [{ axis: 'x', value: TARGET_DEG, label: '0.5°' }],
  });
}

/** Writes the plot where the README looks for it. */
export function writeCodecPlot(svg: string, path = CODEC_PLOT_PATH): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, svg);
}
