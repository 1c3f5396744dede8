/** A fault of a decoder, with everything needed to reproduce it. */
export class FuzzFailure extends Error {
  constructor(
    readonly seed: number,
    readonly session: number,
    readonly packet: Uint8Array,
    detail: string,
  ) {
    const hex = Buffer.from(packet).toString('hex');
    super(`${detail}\nseed ${seed}, session ${session}, packet (${packet.length} bytes): ${hex}`);
  }
}
