import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { launchChromium } from '@/tests/e2e/support/browser';
import { COMPACT, changedTiles, compareWithGolden, type Picture, tileGrid } from '@/tests/support/visual/golden';
import { PictureCodec } from '@/tests/support/visual/pictureCodec';
import type { RoomPicture } from '@/tests/support/visual/room/pageContract';
import { madePeople, ROOM_PICTURES, RoomShots, WINDOWS } from '@/tests/support/visual/room/roomShots';

let browser: Browser;
let codec: PictureCodec;
let shots: Record<keyof typeof WINDOWS, RoomShots>;

/** Tiles, so that a small change in a corner is not averaged away. */
const COLUMNS = 6;
const ROWS = 5;

function tilesOf({ width, height }: { width: number; height: number }) {
  const names = Array.from(
    { length: COLUMNS * ROWS },
    (_, i) => `row ${Math.floor(i / COLUMNS)}, column ${i % COLUMNS}`,
  );
  return tileGrid(names, COLUMNS, Math.ceil(width / COLUMNS), Math.ceil(height / ROWS));
}

beforeAll(async () => {
  browser = await launchChromium();
  codec = await PictureCodec.open(browser);
  const [desktop, phone] = [
    await RoomShots.open(browser, WINDOWS.desktop),
    await RoomShots.open(browser, WINDOWS.phone),
  ];
  shots = { desktop, phone };
  for (const each of [desktop, phone]) await each.withoutAvatars();
});

afterAll(() => browser?.close());

describe('the room', () => {
  it.each(ROOM_PICTURES)('the room looks as in its golden: $name', async ({ name, window, ...picture }) => {
    const png = await shots[window].picture(picture);
    const update = inject('updateGoldens');
    const tiles = tilesOf(WINDOWS[window]);
    const verdict = await compareWithGolden(codec, { name, png, tiles, update, strictness: COMPACT });
    expect(verdict).toEqual({ kind: update ? 'written' : 'same' });
  });
});

describe('visual regression of rooms', () => {
  const base = { seats: 16, people: madePeople(16) };

  let before: Picture;

  const drawn = async (order: RoomPicture) => codec.decode(await shots.desktop.picture(order));

  beforeAll(async () => {
    before = await drawn(base);
  });

  async function isSeen(change: Partial<RoomPicture>): Promise<boolean> {
    const after = await drawn({ ...base, ...change });
    return changedTiles(after, before, tilesOf(WINDOWS.desktop), COMPACT.tolerance).length > 0;
  }

  it('visual regression passes the same room drawn twice', async () => {
    expect(await isSeen({})).toBe(false);
  });

  it('visual regression sees one more spectator, one speaker, one name', async () => {
    expect(await isSeen({ spectators: 1 })).toBe(true);
    expect(await isSeen({ speaking: ['p1'] })).toBe(true);
    const [first, ...others] = base.people;
    expect(await isSeen({ people: [{ ...first!, name: 'Marta S' }, ...others] })).toBe(true);
  });
});
