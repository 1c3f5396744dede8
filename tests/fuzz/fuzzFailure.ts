/** Bytes that are shown; of longer ones seed and session tell. */
const SHOWN_BYTES = 2048;

/** A fault of a decoder or a reader, with everything needed to reproduce it. */
export class FuzzFailure extends Error {
  constructor(
    readonly seed: number,
    readonly session: number,
    readonly packet: Uint8Array,
    detail: string,
  ) {
    const hex = Buffer.from(packet.subarray(0, SHOWN_BYTES)).toString('hex');
    super(`${detail}\nseed ${seed}, session ${session}, packet (${packet.length} bytes): ${hex}`);
  }
}
