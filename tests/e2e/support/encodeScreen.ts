import type { Page } from 'playwright-core';

/** Frames of a shared screen, the first one a keyframe: half of them all red, the others all blue. */
export async function encodeScreen(page: Page, count: number): Promise<Uint8Array[]> {
  const frames = await page.evaluate(async (total) => {
    const encoded: number[][] = [];
    const encoder = new VideoEncoder({
      output: (chunk) => {
        const bytes = new Uint8Array(chunk.byteLength);
        chunk.copyTo(bytes);
        encoded.push([...bytes]);
      },
      error: (error) => {
        throw error;
      },
    });
    encoder.configure({ codec: 'vp8', width: 320, height: 180, bitrate: 300_000 });
    const canvas = new OffscreenCanvas(320, 180);
    const context = canvas.getContext('2d')!;
    for (let k = 0; k < total; k += 1) {
      context.fillStyle = k < total / 2 ? '#e01010' : '#1010e0';
      context.fillRect(0, 0, 320, 180);
      const frame = new VideoFrame(canvas, { timestamp: k * 200_000 });
      encoder.encode(frame, { keyFrame: k === 0 });
      frame.close();
    }
    await encoder.flush();
    encoder.close();
    return encoded;
  }, count);
  return frames.map((bytes) => Uint8Array.from(bytes));
}
