/** What a decoder must never do, with everything needed to see it again. */
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
