import { describe, expect, it } from 'vitest';
import { parseStanza } from '@/server/hub/xmpp/stanza';
import { type Plot, renderPlot } from '@/tools/bench/svg/plot';
import { placeOn, rangeOf, ticksOf } from '@/tools/bench/svg/shapes';

const LOG = { label: 'error', scale: 'log', min: 0.01, max: 10 } as const;
const LINEAR = { label: 'ms', scale: 'linear', min: 0, max: 100 } as const;

const PLOT: Plot = {
  title: 'Rate & error <all>',
  note: '"quoted"',
  x: LOG,
  y: LINEAR,
  series: [
    {
      label: 'ours',
      isLine: true,
      points: [
        { x: 0.1, y: 20 },
        { x: 1, y: 40, label: 'a < b' },
        { x: 100, y: 40 },
      ],
    },
    { label: 'theirs', isLine: false, isHollow: true, points: [{ x: 10, y: 100 }] },
  ],
  targets: [{ axis: 'y', value: 50, label: 'target' }],
};

describe('axes', () => {
  it('axes have ticks in steps of 1, 2 and 5', () => {
    expect(ticksOf({ ...LOG, min: 0.3, max: 12 })).toEqual([0.5, 1, 2, 5, 10]);
    expect(ticksOf(LINEAR)).toEqual([0, 20, 40, 60, 80, 100]);
    expect(ticksOf({ ...LINEAR, min: 0.13, max: 0.31 })).toEqual([0.15, 0.2, 0.25, 0.3]);
  });

  it('axes place values linearly or logarithmically', () => {
    expect(placeOn(LINEAR, 25)).toBe(0.25);
    expect(placeOn(LOG, 0.1)).toBeCloseTo(1 / 3, 12);
    expect(placeOn(LOG, 10)).toBeCloseTo(1, 12);
  });

  it('the range of an axis is wider than its values', () => {
    expect(rangeOf([10, 20], 'linear', 0.1)).toEqual({ min: 9, max: 21 });
    const { min, max } = rangeOf([1, 100], 'log', 0.5);
    expect(min).toBeCloseTo(0.1, 12);
    expect(max).toBeCloseTo(1000, 12);
  });
});

describe('a plot', () => {
  const svg = parseStanza(renderPlot(PLOT).trim())!;
  const text = renderPlot(PLOT);

  it('a plot is well-formed SVG whatever its texts are', () => {
    expect(svg.name).toBe('svg');
    const texts = svg.getChildren('text').map((child) => child.getText());
    expect(texts).toContain('Rate & error <all>');
    expect(texts).toContain('"quoted"');
  });

  it('a plot marks every point within its axes and joins those of a line', () => {
    const [ours, theirs] = svg.getChildren('g');
    expect(ours!.getChildren('circle')).toHaveLength(2);
    expect(ours!.getChild('polyline')!.attrs['points']!.split(' ')).toHaveLength(2);
    expect(theirs!.getChild('polyline')).toBeUndefined();
    const mark = theirs!.getChild('rect')!.attrs;
    // The upper right corner of the axes.
    expect(Number(mark['x']) + Number(mark['width']) / 2).toBeCloseTo(830 - 226, 0);
    expect(Number(mark['y']) + Number(mark['height']) / 2).toBeCloseTo(66, 0);
  });

  it('a plot names every series and follows light and dark', () => {
    const texts = svg.getChildren('text').map((child) => child.getText());
    expect(texts).toEqual(expect.arrayContaining(['ours', 'theirs', 'target', 'error', 'ms']));
    expect(text).toContain('prefers-color-scheme:dark');
    expect(text).not.toMatch(/NaN|undefined/);
  });
});
