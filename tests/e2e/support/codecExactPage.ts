import { encodeTape, readTape, type TapeReading } from './codecTape';

/** What the page exposes to the test. */
export interface CodecExactPage {
  /** Decodes the tape at `/tape.bin`. */
  readServedTape(): Promise<TapeReading>;
  /** Encodes the poses at `/poses.bin`, reads them back and posts the tape to `/tape-of-page`. */
  encodeServedPoses(): Promise<TapeReading>;
}

async function fetchBytes(path: string): Promise<ArrayBuffer> {
  return (await fetch(path)).arrayBuffer();
}

const page: CodecExactPage = {
  async readServedTape() {
    return readTape(new Uint8Array(await fetchBytes('/tape.bin')));
  },
  async encodeServedPoses() {
    const tape = encodeTape(new Float32Array(await fetchBytes('/poses.bin')));
    await fetch('/tape-of-page', { method: 'POST', body: tape as BlobPart });
    return readTape(tape);
  },
};

Object.assign(globalThis, page);
