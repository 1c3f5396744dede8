import { OpusDecoder } from 'opus-decoder';

/** To libopus, one that was lost. */
const NO_PACKET = new Uint8Array(0);

/** Decodes one voice with libopus, in WebAssembly, in any thread: 48 kHz, one channel. */
export class VoiceDecoder {
  private constructor(private readonly decoder: OpusDecoder) {}

  static async create(): Promise<VoiceDecoder> {
    const decoder = new OpusDecoder({ channels: 1 });
    await decoder.ready;
    return new VoiceDecoder(decoder);
  }

  /** The sound of the next packet, -1 to 1; empty for one that is damaged. */
  decode(packet: Uint8Array): Float32Array {
    return this.decoder.decodeFrame(packet).channelData[0]!;
  }

  /** How the voice might have gone on where the next packet was lost: 120 ms, softer and softer. */
  conceal(): Float32Array {
    return this.decode(NO_PACKET);
  }

  /** Frees it, for good. */
  close(): void {
    this.decoder.free();
  }
}
