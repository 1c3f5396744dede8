import type { Browser, Page } from 'playwright-core';
import type { Picture } from './golden';

/** Reads and writes pictures with the browser's own codecs, so that none has to be installed. */
export class PictureCodec {
  private constructor(private readonly page: Page) {}

  static async open(browser: Browser): Promise<PictureCodec> {
    const page = await browser.newPage();
    // tsx marks functions with a helper that pages lack.
    await page.addInitScript('globalThis.__name ??= (value) => value');
    await page.goto('about:blank');
    return new PictureCodec(page);
  }

  /** Reads a PNG, JPEG or WebP. Rejects if `bytes` are none of these. */
  async decode(bytes: Buffer): Promise<Picture> {
    const { width, height, base64 } = await this.page.evaluate(async (encoded) => {
      const blob = await (await fetch(`data:;base64,${encoded}`)).blob();
      const bitmap = await createImageBitmap(blob);
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
      context.drawImage(bitmap, 0, 0);
      const pixels = new Blob([context.getImageData(0, 0, bitmap.width, bitmap.height).data]);
      const url = await new Promise<string>((resolve) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result as string);
        reader.readAsDataURL(pixels);
      });
      return { width: bitmap.width, height: bitmap.height, base64: url.slice(url.indexOf(',') + 1) };
    }, bytes.toString('base64'));
    return { width, height, rgba: Buffer.from(base64, 'base64') };
  }

  /** Converts a picture to WebP; `quality` 0..1, 1 is lossless. */
  async toWebp(bytes: Buffer, quality: number): Promise<Buffer> {
    const url = await this.page.evaluate(
      async ({ encoded, wanted }) => {
        const bitmap = await createImageBitmap(await (await fetch(`data:;base64,${encoded}`)).blob());
        const canvas = Object.assign(document.createElement('canvas'), { width: bitmap.width, height: bitmap.height });
        canvas.getContext('2d')!.drawImage(bitmap, 0, 0);
        return canvas.toDataURL('image/webp', wanted);
      },
      { encoded: bytes.toString('base64'), wanted: quality },
    );
    return Buffer.from(url.slice(url.indexOf(',') + 1), 'base64');
  }

  close(): Promise<void> {
    return this.page.close();
  }
}
