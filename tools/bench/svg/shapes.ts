/** One axis of a plot. */
export interface Axis {
  readonly label: string;
  readonly scale: 'log' | 'linear';
  readonly min: number;
  readonly max: number;
  /** Positions of ticks; by default in 1-2-5 steps. */
  readonly ticks?: readonly number[];
}

/** Steps of the ticks in each power of ten. */
const STEPS = [1, 2, 5] as const;
const LINEAR_TICKS = 6;

function logTicks(min: number, max: number): number[] {
  const ticks: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power += 1) {
    for (const step of STEPS) ticks.push(Number((step * 10 ** power).toPrecision(1)));
  }
  return ticks.filter((tick) => tick >= min && tick <= max);
}

function linearTicks(min: number, max: number): number[] {
  const rough = (max - min) / LINEAR_TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (STEPS.find((one) => one * power >= rough) ?? 10);
  const count = Math.floor((max - Math.ceil(min / step) * step) / step + 1e-9) + 1;
  return Array.from({ length: count }, (_, k) => Number(((Math.ceil(min / step) + k) * step).toPrecision(12)));
}

/** Positions of the ticks of an axis, lowest first. */
export function ticksOf({ scale, min, max, ticks }: Axis): readonly number[] {
  if (ticks) return ticks;
  return scale === 'log' ? logTicks(min, max) : linearTicks(min, max);
}

/** Where `value` lies between the ends of the axis: 0 to 1, outside them beyond. */
export function placeOn({ scale, min, max }: Axis, value: number): number {
  if (scale === 'linear') return (value - min) / (max - min);
  return Math.log(value / min) / Math.log(max / min);
}

/** Lowest and highest of `values`, widened by `share` of their distance (on a log axis, of their ratio). */
export function rangeOf(values: readonly number[], scale: Axis['scale'], share = 0.08): { min: number; max: number } {
  const min = Math.min(...values);
  const max = Math.max(...values);
  if (scale === 'linear') return { min: min - share * (max - min), max: max + share * (max - min) };
  const widen = (max / min) ** share;
  return { min: min / widen, max: max * widen };
}

/** Attributes of an SVG element; numbers get at most two decimals. */
export type Attributes = Readonly<Record<string, string | number>>;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Escapes text for SVG. */
function escapeText(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character]!);
}

function attributeText(value: string | number): string {
  return typeof value === 'number' ? String(Number(value.toFixed(2))) : escapeText(value);
}

/** One element; its children are SVG already. */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${attributeText(value)}"`);
  const head = `<${name}${written.join('')}`;
  return children.length === 0 ? `${head}/>` : `${head}>${children.join('')}</${name}>`;
}

/** A line of text. */
export function textElement(x: number, y: number, text: string, attributes: Attributes = {}): string {
  return element('text', { x, y, ...attributes }, escapeText(text));
}

/** Shapes that distinguish series without colour. */
export const MARKERS = ['circle', 'square', 'triangle', 'diamond', 'cross'] as const;
export type Marker = (typeof MARKERS)[number];

const RADIUS = 4.5;

const path = (points: ReadonlyArray<readonly [number, number]>) =>
  `M${points.map(([x, y]) => `${Number(x.toFixed(2))} ${Number(y.toFixed(2))}`).join('L')}Z`;

/** One marker centred at x, y. */
export function markerElement(marker: Marker, x: number, y: number, attributes: Attributes = {}): string {
  const r = RADIUS;
  const shown = { class: 'mark', ...attributes };
  switch (marker) {
    case 'circle':
      return element('circle', { cx: x, cy: y, r: r * 0.9, ...shown });
    case 'square':
      return element('rect', { x: x - r * 0.85, y: y - r * 0.85, width: r * 1.7, height: r * 1.7, ...shown });
    case 'triangle':
      return element('path', {
        d: path([
          [x, y - r * 1.15],
          [x + r, y + r * 0.8],
          [x - r, y + r * 0.8],
        ]),
        ...shown,
      });
    case 'diamond':
      return element('path', {
        d: path([
          [x, y - r * 1.2],
          [x + r * 1.2, y],
          [x, y + r * 1.2],
          [x - r * 1.2, y],
        ]),
        ...shown,
      });
    case 'cross':
      return element('path', {
        d: `M${x - r} ${y - r}L${x + r} ${y + r}M${x - r} ${y + r}L${x + r} ${y - r}`,
        ...shown,
      });
  }
}
