import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const APP = new URL('../../app/', import.meta.url).pathname;
const GLOBALS = readFileSync(join(APP, 'globals.css'), 'utf8');
const STYLES = readdirSync(APP, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.css'))
  .map((path) => readFileSync(join(APP, path), 'utf8').replace(/\/\*[\s\S]*?\*\//g, ''));

const THEMES = ['light', 'dark'] as const;
type Theme = (typeof THEMES)[number];

/** WCAG 2.2, 1.4.3 for text and 1.4.11 for the parts of controls. */
const TEXT_MIN = 4.5;
const CONTROL_MIN = 3;

/** Grounds on which text without a ground of its own may stand, and the inks it may have there. */
const GROUNDS = ['ground', 'raised', 'sunken', 'sky-top', 'sky-low'];
const INKS = ['ink', 'ink-soft', 'bad', 'good', 'warn', 'accent-text'];

function colour(name: string, theme: Theme): string {
  const pair = new RegExp(`--${name}: light-dark\\((#[0-9a-f]{6}), (#[0-9a-f]{6})\\)`).exec(GLOBALS);
  const single = new RegExp(`--${name}: (#[0-9a-f]{6});`).exec(GLOBALS);
  const hex = pair ? pair[theme === 'light' ? 1 : 2] : single?.[1];
  if (!hex) throw new Error(`--${name} is not declared as a colour`);
  return hex;
}

/** Relative luminance of an sRGB colour, WCAG 2.2. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

/** Every rule that sets both its text's colour and its ground's, as names of variables. */
function declaredPairs(): string[] {
  const pairs = STYLES.flatMap((css) =>
    [...css.matchAll(/\{([^{}]*)\}/g)].flatMap(([, body = '']) => {
      const ink = /(?:^|[\s;])color: var\(--([\w-]+)\)/.exec(body)?.[1];
      const ground = /background-color: var\(--([\w-]+)\)/.exec(body)?.[1];
      return ink && ground ? [`${ink} on ${ground}`] : [];
    }),
  );
  return [...new Set(pairs)].sort();
}

describe.each(THEMES)('contrast in the %s theme', (theme) => {
  const ratio = (ink: string, ground: string) => contrast(colour(ink, theme), colour(ground, theme));

  it.each(declaredPairs())('declared in a style sheet: %s', (pair) => {
    const [ink = '', ground = ''] = pair.split(' on ');
    expect(ratio(ink, ground)).toBeGreaterThanOrEqual(TEXT_MIN);
  });

  it.each(INKS.flatMap((ink) => GROUNDS.map((ground) => [ink, ground] as const)))('%s on %s', (ink, ground) => {
    expect(ratio(ink, ground)).toBeGreaterThanOrEqual(TEXT_MIN);
  });

  it('rings of focus and edges of fields stand out from every ground', () => {
    for (const ground of ['ground', 'raised', 'sunken']) {
      expect(ratio('focus', ground), ground).toBeGreaterThanOrEqual(CONTROL_MIN);
      expect(ratio('line-strong', ground), ground).toBeGreaterThanOrEqual(CONTROL_MIN);
    }
  });

  it('the hovered accent still carries its text', () => {
    expect(ratio('on-accent', 'accent-hover')).toBeGreaterThanOrEqual(TEXT_MIN);
  });
});

describe('colours', () => {
  it('no component has an unnamed text colour', () => {
    for (const css of STYLES) expect(css).not.toMatch(/[\s;{]color:\s*#/);
  });

  it('the contrast test finds the colours it checks', () => {
    expect(declaredPairs()).toContain('on-accent on accent');
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5);
  });
});
