import { describe, expect, it } from 'vitest';
import {
  BLOCK,
  changedTiles,
  compareTile,
  differencePicture,
  type Picture,
  tileGrid,
} from '@/tests/support/visual/golden';

const SIZE = 32;
const [WHOLE] = tileGrid(['whole'], 1, SIZE, SIZE);

function grey(value: number): Picture {
  return { width: SIZE, height: SIZE, rgba: new Uint8Array(SIZE * SIZE * 4).fill(value) };
}

function painted(picture: Picture, x: number, y: number, size: number, red: number): Picture {
  const rgba = Uint8Array.from(picture.rgba);
  for (let row = y; row < y + size; row += 1)
    for (let column = x; column < x + size; column += 1) rgba[(row * SIZE + column) * 4] = red;
  return { ...picture, rgba };
}

describe('compareTile', () => {
  it('a picture has no difference to itself', () => {
    expect(compareTile(grey(90), grey(90), WHOLE!)).toEqual({ mean: 0, most: 0 });
  });

  it('a difference is that of the channel that differs most', () => {
    expect(compareTile(grey(90), painted(grey(90), 0, 0, SIZE, 100), WHOLE!)).toEqual({ mean: 10, most: 10 });
  });

  it('a small spot shows in the block that differs most, and little in the mean', () => {
    const spot = painted(grey(90), 8, 8, BLOCK, 250);
    expect(compareTile(grey(90), spot, WHOLE!)).toEqual({ mean: 160 / (SIZE / BLOCK) ** 2, most: 160 });
  });

  it('pixels swapped within a block do not count, as another rasteriser swaps them along an edge', () => {
    const [left, right] = [painted(grey(90), 0, 0, 1, 200), painted(grey(90), 1, 0, 1, 200)];
    expect(compareTile(left, right, WHOLE!).most).toBe(0);
  });
});

describe('changedTiles', () => {
  const quarters = tileGrid(['a', 'b', 'c', 'd'], 2, SIZE / 2, SIZE / 2);

  it('only changed tiles are named', () => {
    const changed = changedTiles(painted(grey(90), 20, 4, BLOCK, 250), grey(90), quarters);
    expect(changed.map(({ tile }) => tile)).toEqual(['b']);
  });

  it('differences within the tolerance pass', () => {
    const [near, far] = [grey(91), grey(94)];
    const tolerance = { mean: 2, most: 2 };
    expect(changedTiles(near, grey(90), quarters, tolerance)).toEqual([]);
    expect(changedTiles(far, grey(90), quarters, tolerance)).toHaveLength(4);
  });
});

describe('differencePicture', () => {
  it('a difference picture is red where pictures differ and a dark ghost elsewhere', () => {
    const { rgba } = differencePicture(painted(grey(80), 8, 8, BLOCK, 250), grey(80));
    const pixel = (x: number, y: number) => [...rgba.subarray((y * SIZE + x) * 4, (y * SIZE + x) * 4 + 4)];
    expect(pixel(9, 9)).toEqual([255, 20, 20, 255]);
    expect(pixel(0, 0)).toEqual([20, 20, 20, 255]);
  });
});
