const HEADER_BYTES = 44;
const CHANNELS = 2;
const SAMPLE_BYTES = 2;
const PCM = 1;
const FULL_SCALE = 32_767;
/** Sizes are 32 bits. */
const DATA_MAX_BYTES = 2 ** 32 - 1 - HEADER_BYTES;

/** The longest that 16-bit stereo can be, samples a side. */
export const WAV_SAMPLES_MAX = Math.floor(DATA_MAX_BYTES / (CHANNELS * SAMPLE_BYTES));

/** The header of 16-bit stereo of `samples` a side (RIFF WAVE, Microsoft and IBM 1991). */
export function wavHeader(samples: number, rateHz: number): Uint8Array {
  const frameBytes = CHANNELS * SAMPLE_BYTES;
  const dataBytes = samples * frameBytes;
  const bytes = new Uint8Array(HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  const text = new TextEncoder();
  bytes.set(text.encode('RIFF'), 0);
  view.setUint32(4, HEADER_BYTES - 8 + dataBytes, true);
  bytes.set(text.encode('WAVEfmt '), 8);
  view.setUint32(16, 16, true);
  view.setUint16(20, PCM, true);
  view.setUint16(22, CHANNELS, true);
  view.setUint32(24, rateHz, true);
  view.setUint32(28, rateHz * frameBytes, true);
  view.setUint16(32, frameBytes, true);
  view.setUint16(34, SAMPLE_BYTES * 8, true);
  bytes.set(text.encode('data'), 36);
  view.setUint32(40, dataBytes, true);
  return bytes;
}

/** Samples of -1 to 1, left and right in turns, as a WAV file has them. */
export function wavSamples(interleaved: Float32Array): Uint8Array {
  const bytes = new Uint8Array(interleaved.length * SAMPLE_BYTES);
  const view = new DataView(bytes.buffer);
  interleaved.forEach((value, k) => {
    view.setInt16(k * SAMPLE_BYTES, Math.round(Math.max(-1, Math.min(1, value)) * FULL_SCALE), true);
  });
  return bytes;
}
