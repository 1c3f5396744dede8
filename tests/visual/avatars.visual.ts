import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { DEFAULT_LOOKS, paletteOf } from '@/lib/core/avatarSwatches';
import { AVATAR_KEYS, avatarModelUrl } from '@/lib/core/avatars';
import { launchChromium } from '@/tests/e2e/support/browser';
import { AvatarSheets, SHEET_TILES } from '@/tests/support/visual/avatars/avatarSheets';
import type { SheetOrder } from '@/tests/support/visual/avatars/pageContract';
import { changedTiles, compareWithGolden, type Picture, type TileChange } from '@/tests/support/visual/golden';
import { PictureCodec } from '@/tests/support/visual/pictureCodec';

let browser: Browser;
let codec: PictureCodec;
let sheets: AvatarSheets;

beforeAll(async () => {
  browser = await launchChromium();
  [codec, sheets] = [await PictureCodec.open(browser), await AvatarSheets.open(browser)];
});

afterAll(() => browser?.close());

describe.each(AVATAR_KEYS)('%s', (key) => {
  it('the avatar looks as in its golden: neutral, in ten expressions and five poses', async () => {
    const png = await sheets.sheet({ model: avatarModelUrl(key) });
    const update = inject('updateGoldens');
    const verdict = await compareWithGolden(codec, { name: key, png, tiles: SHEET_TILES, update });
    expect(verdict).toEqual({ kind: update ? 'written' : 'same' });
  });
});

describe('visual regression of avatars', () => {
  const [key] = AVATAR_KEYS;

  const model = avatarModelUrl(key);
  let plain: Picture;

  const drawn = async (wanted: SheetOrder) => codec.decode(await sheets.sheet(wanted));

  beforeAll(async () => {
    plain = await drawn({ model });
  });

  async function changes(order: Omit<SheetOrder, 'model'>): Promise<TileChange[]> {
    return changedTiles(await drawn({ model, ...order }), plain, SHEET_TILES);
  }

  it('visual regression passes the same avatar drawn again, also with its palette replaced by the same one', async () => {
    expect(await changes({})).toEqual([]);
    expect(await changes({ palette: paletteOf(key) })).toEqual([]);
  });

  it('visual regression sees the next swatch of skin in every picture', async () => {
    const seen = await changes({ palette: paletteOf(key, { ...DEFAULT_LOOKS[key], skin: 'rose' }) });
    expect(seen.map(({ tile }) => tile)).toEqual(SHEET_TILES.map(({ name }) => name));
  });

  it('visual regression sees a morph at a third', async () => {
    const seen = await changes({ face: { mouthSmileLeft: 0.3, mouthSmileRight: 0.3 } });
    expect(seen.map(({ tile }) => tile)).toEqual(expect.arrayContaining(['neutral', 'joy', 'glanceUp', 'glanceDown']));
  });

  it('visual regression sees one eyelid a fifth lower', async () => {
    const seen = await changes({ face: { eyeBlinkLeft: 0.2 } });
    expect(seen.map(({ tile }) => tile)).toEqual(expect.arrayContaining(['neutral', 'waving', 'arms crossed']));
  });

  it('visual regression sees a coarser level of detail', async () => {
    expect(await changes({ level: 2 })).not.toEqual([]);
  });
});
