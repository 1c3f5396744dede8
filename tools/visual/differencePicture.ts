import { BLOCK, blockDifference } from './comparePictures';
import type { Picture } from './picture';

/** How much a difference is made brighter, so that what is just too much can be seen. */
const GAIN = 6;
/** How much of the expected picture is left beneath. */
const GHOST = 0.25;

/** Where two pictures of the same size differ: bright red over a dark ghost of the expected one. */
export function differencePicture(actual: Picture, expected: Picture): Picture {
  const { width, height } = expected;
  const rgba = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const at = (y * width + x) * 4;
      const red = GAIN * blockDifference(actual, expected, x - (x % BLOCK), y - (y % BLOCK));
      const [r, g, b] = [0, 1, 2].map((channel) => expected.rgba[at + channel]! * GHOST);
      rgba.set([Math.min(255, r! + red), g!, b!, 255], at);
    }
  return { width, height, rgba };
}
