import { writeFileSync } from 'node:fs';
import { type Axis, element, MARKERS, type Marker, markerElement, placeOn, textElement, ticksOf } from './shapes';

/** Colours of the series, in order, for a light and a dark page; each has a contrast of 4.5:1 to its background. */
const SERIES_COLOURS: ReadonlyArray<readonly [light: string, dark: string]> = [
  ['#0b57c4', '#7ab4ff'],
  ['#b4430a', '#ffa860'],
  ['#11722f', '#63d685'],
  ['#7a2fd0', '#cf9dff'],
  ['#b0155c', '#ff8ac0'],
  ['#0a6f78', '#5fd4de'],
  ['#5b5f66', '#b3b8c0'],
  ['#7a5a00', '#e0bd4f'],
];

const rules = (which: 0 | 1) =>
  SERIES_COLOURS.map(
    (colours, index) =>
      `.s${index}{color:${colours[which]}}.s${index} .line{stroke:${colours[which]}}.s${index} .mark{fill:${colours[which]};stroke:${colours[which]}}.s${index} text{fill:${colours[which]}}`,
  ).join('');

/** The class that gives series `index` its colour. */
function seriesClass(index: number): string {
  return `s${index % SERIES_COLOURS.length}`;
}

/** Styles of every plot, with its own background; they follow the reader's light or dark setting. */
const PLOT_STYLE = [
  'text{font:13px system-ui,-apple-system,"Segoe UI",sans-serif;fill:#1f2328}',
  '.title{font-size:16px;font-weight:600}.small{font-size:12px}.muted{fill:#59636e}',
  '.page{fill:#ffffff;stroke:#d1d9e0}.grid{stroke:#d1d9e0;stroke-width:1}.frame{stroke:#818b98;fill:none}',
  '.line{fill:none;stroke-width:2.25}.mark{stroke-width:1.5}.hollow{fill:#ffffff!important}.target{stroke:#59636e;stroke-dasharray:5 4;stroke-width:1.25}',
  rules(0),
  '@media (prefers-color-scheme:dark){text{fill:#e6edf3}.muted{fill:#9aa4af}.page{fill:#0d1117;stroke:#3d444d}.grid{stroke:#2b323a}.frame{stroke:#656c76}.hollow{fill:#0d1117!important}.target{stroke:#9aa4af}',
  `${rules(1)}}`,
].join('');

/** A point of a series, with an optional label beside it. */
export interface PlotPoint {
  readonly x: number;
  readonly y: number;
  readonly label?: string;
}

/** One series of a plot. */
export interface PlotSeries {
  /** Text in the legend. */
  readonly label: string;
  /** Whether a line joins the points. */
  readonly isLine: boolean;
  readonly points: readonly PlotPoint[];
  /** Shape of its points; by default the next one. */
  readonly marker?: Marker;
  /** Whether the line is dashed, for a variant of another series. */
  readonly isDashed?: boolean;
  /** Whether points are hollow. */
  readonly isHollow?: boolean;
  /** Index of its colour; by default that of the series. */
  readonly colour?: number;
}

/** A target, drawn as a line across the plot. */
interface PlotTarget {
  readonly axis: 'x' | 'y';
  readonly value: number;
  readonly label: string;
}

/** A plot of series over two axes, with a legend on the right. */
export interface Plot {
  readonly title: string;
  /** A line under the title that says what was measured. */
  readonly note?: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly series: readonly PlotSeries[];
  readonly targets?: readonly PlotTarget[];
  /** Pixels; by default a size that a README shows unscaled. */
  readonly width?: number;
  readonly height?: number;
}

const WIDTH = 830;
const HEIGHT = 460;
const MARGIN = { left: 62, right: 226, top: 66, bottom: 54 };
const LEGEND_STEP = 23;
const LEGEND_GAP = 20;

/** The plot's inner area and the mapping of values onto it. */
class Area {
  readonly left = MARGIN.left;
  readonly top = MARGIN.top;
  readonly right: number;
  readonly bottom: number;

  constructor(
    private readonly plot: Plot,
    readonly width: number,
    readonly height: number,
  ) {
    this.right = width - MARGIN.right;
    this.bottom = height - MARGIN.bottom;
  }

  x(value: number): number {
    return this.left + placeOn(this.plot.x, value) * (this.right - this.left);
  }

  y(value: number): number {
    return this.bottom - placeOn(this.plot.y, value) * (this.bottom - this.top);
  }

  isInside({ x, y }: PlotPoint): boolean {
    const isWithin = (place: number) => place >= -1e-9 && place <= 1 + 1e-9;
    return isWithin(placeOn(this.plot.x, x)) && isWithin(placeOn(this.plot.y, y));
  }
}

function drawGrid({ x, y }: Plot, area: Area): string[] {
  const columns = ticksOf(x).flatMap((tick) => [
    element('line', { class: 'grid', x1: area.x(tick), x2: area.x(tick), y1: area.top, y2: area.bottom }),
    textElement(area.x(tick), area.bottom + 19, String(tick), { class: 'small', 'text-anchor': 'middle' }),
  ]);
  const rows = ticksOf(y).flatMap((tick) => [
    element('line', { class: 'grid', x1: area.left, x2: area.right, y1: area.y(tick), y2: area.y(tick) }),
    textElement(area.left - 8, area.y(tick) + 4, String(tick), { class: 'small', 'text-anchor': 'end' }),
  ]);
  const { left, top, right, bottom } = area;
  const frame = element('rect', { class: 'frame', x: left, y: top, width: right - left, height: bottom - top });
  return [...columns, ...rows, frame];
}

function drawTitles({ title, note, x, y }: Plot, area: Area): string[] {
  const middleX = (area.left + area.right) / 2;
  const middleY = (area.top + area.bottom) / 2;
  return [
    textElement(18, 30, title, { class: 'title' }),
    ...(note ? [textElement(18, 50, note, { class: 'small muted' })] : []),
    textElement(middleX, area.bottom + 42, x.label, { 'text-anchor': 'middle' }),
    textElement(0, 0, y.label, { 'text-anchor': 'middle', transform: `translate(18 ${middleY}) rotate(-90)` }),
  ];
}

function drawTarget({ axis, value, label }: PlotTarget, area: Area): string[] {
  if (axis === 'x') {
    const x = area.x(value);
    return [
      element('line', { class: 'target', x1: x, x2: x, y1: area.top, y2: area.bottom }),
      textElement(x + 4, area.top + 14, label, { class: 'small muted' }),
    ];
  }
  const y = area.y(value);
  return [
    element('line', { class: 'target', x1: area.left, x2: area.right, y1: y, y2: y }),
    textElement(area.right - 4, y - 5, label, { class: 'small muted', 'text-anchor': 'end' }),
  ];
}

const markerOf = (series: PlotSeries, index: number): Marker => series.marker ?? MARKERS[index % MARKERS.length]!;
const markClass = ({ isHollow }: PlotSeries) => (isHollow ? 'mark hollow' : 'mark');

function drawLine({ isDashed }: PlotSeries, corners: ReadonlyArray<readonly [number, number]>): string {
  const points = corners.map(([x, y]) => `${Number(x.toFixed(2))},${Number(y.toFixed(2))}`).join(' ');
  return element('polyline', { class: 'line', points, ...(isDashed ? { 'stroke-dasharray': '6 4' } : {}) });
}

function drawPoint(series: PlotSeries, index: number, point: PlotPoint, area: Area): string {
  const x = area.x(point.x);
  const y = area.y(point.y);
  const mark = markerElement(markerOf(series, index), x, y, { class: markClass(series) });
  return point.label ? mark + textElement(x + 8, y - 7, point.label, { class: 'small' }) : mark;
}

/** Points outside the axes are left out. */
function drawSeries(series: PlotSeries, index: number, area: Area): string {
  const shown = series.points.filter((point) => area.isInside(point));
  const corners = shown.map(({ x, y }) => [area.x(x), area.y(y)] as const);
  const line = series.isLine && corners.length > 1 ? drawLine(series, corners) : '';
  const marks = shown.map((point) => drawPoint(series, index, point, area));
  return element('g', { class: seriesClass(series.colour ?? index) }, line, ...marks);
}

function drawLegend({ series }: Plot, area: Area): string[] {
  const left = area.right + LEGEND_GAP;
  return series.map((one, index) => {
    const y = area.top + 10 + index * LEGEND_STEP;
    const line = one.isLine
      ? drawLine(one, [
          [left, y],
          [left + 26, y],
        ])
      : '';
    const mark = markerElement(markerOf(one, index), left + 13, y, { class: markClass(one) });
    const keys = element('g', { class: seriesClass(one.colour ?? index) }, line, mark);
    return keys + textElement(left + 34, y + 4.5, one.label);
  });
}

/** Draws a plot as an SVG document that suits light and dark pages and is legible at the width of a README. */
export function renderPlot(plot: Plot): string {
  const width = plot.width ?? WIDTH;
  const height = plot.height ?? HEIGHT;
  const area = new Area(plot, width, height);
  const size = { width, height, viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': plot.title };
  const page = element('rect', { class: 'page', x: 0.5, y: 0.5, width: width - 1, height: height - 1, rx: 6 });
  const content = [
    element('style', {}, PLOT_STYLE),
    page,
    ...drawGrid(plot, area),
    ...(plot.targets ?? []).flatMap((target) => drawTarget(target, area)),
    ...drawTitles(plot, area),
    ...plot.series.map((series, index) => drawSeries(series, index, area)),
    ...drawLegend(plot, area),
  ];
  return `${element('svg', { xmlns: 'http://www.w3.org/2000/svg', ...size }, '\n', content.join('\n'), '\n')}\n`;
}

/** Writes a plot beside the results of the last run, where the documents look for it. */
export function writePlot(name: string, svg: string): void {
  writeFileSync(new URL(`../../../tests/bench/results/${name}.svg`, import.meta.url), svg);
}
