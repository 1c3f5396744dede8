import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

const WIDTH_PX = 640;
const HEIGHT_PX = 480;

/**
 * Writes the picture at `picturePath` (PNG) as a one-frame clip (.mjpeg) for a fake webcam: centred, and cropped to its
 * upper `shownShare`.
 */
export async function writePictureClip(
  page: Page,
  picturePath: string,
  clipPath: string,
  shownShare = 1,
): Promise<void> {
  const source = `data:image/png;base64,${readFileSync(picturePath).toString('base64')}`;
  const jpeg = await page.evaluate(
    async ({ source, width, height, share }) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [width, height];
      const context = canvas.getContext('2d')!;
      const shown = image.height * share;
      const scale = Math.min(width / image.width, height / shown);
      // Extends the picture's own background to both sides.
      context.drawImage(image, 0, 0, 1, 1, 0, 0, width, height);
      const [w, h] = [image.width * scale, shown * scale];
      context.drawImage(image, 0, 0, image.width, shown, (width - w) / 2, (height - h) / 2, w, h);
      return canvas.toDataURL('image/jpeg', 0.92);
    },
    { source, width: WIDTH_PX, height: HEIGHT_PX, share: shownShare },
  );
  writeFileSync(clipPath, Buffer.from(jpeg.slice(jpeg.indexOf(',') + 1), 'base64'));
}
