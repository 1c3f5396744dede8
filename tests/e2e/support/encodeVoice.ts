import type { Page } from 'playwright-core';

/** Opus packets of 20 ms each, of a second of a tone, encoded by the browser of `page`, which must be at a secure address. */
export async function encodeVoice(page: Page): Promise<Uint8Array[]> {
  const packets = await page.evaluate(async () => {
    const rate = 48_000;
    const encoded: number[][] = [];
    const encoder = new AudioEncoder({
      output: (chunk) => {
        const bytes = new Uint8Array(chunk.byteLength);
        chunk.copyTo(bytes);
        encoded.push([...bytes]);
      },
      error: (error) => {
        throw error;
      },
    });
    encoder.configure({ codec: 'opus', sampleRate: rate, numberOfChannels: 1, bitrate: 28_000 });
    const data = Float32Array.from({ length: rate }, (_, k) => 0.3 * Math.sin((2 * Math.PI * 200 * k) / rate));
    const timing = { timestamp: 0, sampleRate: rate, numberOfFrames: rate, numberOfChannels: 1 };
    encoder.encode(new AudioData({ format: 'f32-planar', data, ...timing }));
    await encoder.flush();
    encoder.close();
    return encoded;
  });
  return packets.map((bytes) => Uint8Array.from(bytes));
}
