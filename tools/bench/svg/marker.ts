import { type Attributes, element } from './element';

/** Shapes that tell the series apart without their colour. */
export const MARKERS = ['circle', 'square', 'triangle', 'diamond', 'cross'] as const;
export type Marker = (typeof MARKERS)[number];

const RADIUS = 4.5;

const path = (points: ReadonlyArray<readonly [number, number]>) =>
  `M${points.map(([x, y]) => `${Number(x.toFixed(2))} ${Number(y.toFixed(2))}`).join('L')}Z`;

/** One mark with its middle at x, y. */
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
