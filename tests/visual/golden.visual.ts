import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launchChromium } from '@/tests/e2e/support/browser';
import { compareWithGolden, FAILURES, GOLDENS, type GoldenOrder, tileGrid } from '@/tests/support/visual/golden';
import { PictureCodec } from '@/tests/support/visual/pictureCodec';
import { encodePng } from '@/tools/avatars/glb/png';

const SIZE = 16;
const NAME = 'made-by-a-test';
const FILES = [
  join(GOLDENS, `${NAME}.webp`),
  ...['actual', 'expected', 'difference'].map((what) => join(FAILURES, `${NAME}-${what}.png`)),
];

function order(grey: number, update: boolean, size = SIZE): GoldenOrder {
  const rgba = new Uint8Array(size * size * 4).fill(grey).map((value, i) => (i % 4 === 3 ? 255 : value));
  return { name: NAME, png: encodePng(size, size, rgba), tiles: tileGrid(['all'], 1, SIZE, SIZE), update };
}

describe('compareWithGolden', () => {
  let browser: Browser;
  let codec: PictureCodec;

  beforeAll(async () => {
    browser = await launchChromium();
    codec = await PictureCodec.open(browser);
  });

  afterAll(async () => {
    await browser?.close();
    for (const file of FILES) rmSync(file, { force: true });
  });

  it('a missing golden is reported, and written on request', async () => {
    expect(await compareWithGolden(codec, order(90, false))).toEqual({ kind: 'missing' });
    expect(await compareWithGolden(codec, order(90, true))).toEqual({ kind: 'written' });
    expect(await compareWithGolden(codec, order(90, false))).toEqual({ kind: 'same' });
  });

  it('a changed picture leaves three files, which are removed once it is right again', async () => {
    await compareWithGolden(codec, order(90, true));
    const verdict = await compareWithGolden(codec, order(120, false));
    expect(verdict).toEqual({ kind: 'changed', tiles: [{ tile: 'all', mean: 30, most: 30 }] });
    expect(FILES.filter(existsSync)).toEqual(FILES);
    await compareWithGolden(codec, order(90, false));
    expect(FILES.filter(existsSync)).toEqual(FILES.slice(0, 1));
  });

  it('pictures of different sizes are not compared', async () => {
    await compareWithGolden(codec, order(90, true));
    const verdict = await compareWithGolden(codec, order(90, false, SIZE * 2));
    expect(verdict).toEqual({ kind: 'size', was: '16 x 16', is: '32 x 32' });
  });
});
