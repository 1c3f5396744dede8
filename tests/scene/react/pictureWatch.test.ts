import { describe, expect, it } from 'vitest';
import type { PictureChoice, PictureQuality } from '@/scene/frame/pictureQuality';
import { PictureWatch } from '@/scene/react/pictureWatch';

const LAPTOP = { isSoftware: false, devicePixelRatio: 2 };
const NO_GPU = { isSoftware: true, devicePixelRatio: 1 };

/** Plays frames at the pace at which `frameMsOf` says the machine draws a quality. */
function play(
  watch: PictureWatch,
  seconds: number,
  frameMsOf: (quality: PictureQuality) => number,
  choice: PictureChoice = 'auto',
  fromMs = 0,
): PictureQuality[] {
  const seen: PictureQuality[] = [];
  let quality = watch.note(choice, fromMs);
  for (let nowMs = fromMs; nowMs < fromMs + seconds * 1000; ) {
    nowMs += frameMsOf(quality);
    quality = watch.note(choice, nowMs);
    if (seen.at(-1) !== quality) seen.push(quality);
  }
  return seen;
}

describe('watching the frames', () => {
  it('a picture watch keeps the finest picture while frames are smooth', () => {
    expect(play(new PictureWatch(LAPTOP), 20, () => 16.7)).toHaveLength(1);
  });

  it('a picture watch finds the picture that a slow machine can draw, and keeps it', () => {
    const watch = new PictureWatch(LAPTOP);
    const frameMsOf = ({ pixelRatio, shadows }: PictureQuality) => 5 + 12 * pixelRatio ** 2 + (shadows ? 8 : 0);
    play(watch, 30, frameMsOf);
    const seen = play(watch, 2, frameMsOf, 'auto', 31_000);
    expect(seen).toHaveLength(1);
    expect(frameMsOf(seen[0]!)).toBeLessThan(24);
  });

  it('a picture watch lets a machine without a GPU be slow, within bounds', () => {
    expect(play(new PictureWatch(NO_GPU), 10, () => 90)).toHaveLength(1);
    const last = play(new PictureWatch(NO_GPU), 20, ({ pixelRatio }) => 60 + 140 * pixelRatio ** 2).at(-1)!;
    expect(last.pixelRatio).toBeLessThan(0.7);
  });

  it('a picture watch does not mistake a hidden tab for a slow machine', () => {
    let frame = 0;
    const seen = play(new PictureWatch(LAPTOP), 120, () => (++frame % 200 === 0 ? 8000 : 16.7));
    expect(seen).toHaveLength(1);
  });

  it('a picture watch draws the chosen picture, however slowly', () => {
    const seen = play(new PictureWatch(LAPTOP), 20, () => 90, 'high');
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({ pixelRatio: 2, shadows: true });
  });
});
