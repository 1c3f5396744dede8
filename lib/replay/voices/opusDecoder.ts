import { writeOggOpus } from './oggOpus';

/** Samples a second of all sound here, that of Opus. */
export const SAMPLE_RATE = 48_000;
/** Samples of a packet of 20 ms, which browsers send. */
const PACKET_SAMPLES = 960;
const US_PER_S = 1_000_000;

/** Gets mono sound of one voice at 48 kHz; `at` is the place of its first sample on the voice's own scale, in samples. */
type SamplesSink = (samples: Float32Array, at: number) => void;

/** Decodes one voice. Sound comes later, in order; damaged packets give none. */
export interface OpusDecoder {
  /** `at`: the place of the packet's first sample. */
  decode(packet: Uint8Array, at: number): void;
  /** What was handed in gives no more sound; the next packet follows on none. */
  reset(): void;
  close(): void;
}

/** Makes decoders in the best way that this browser has. */
export type CreateOpusDecoder = (sink: SamplesSink) => OpusDecoder;

/** Packet by packet, with WebCodecs. */
class CodecDecoder implements OpusDecoder {
  private decoder: AudioDecoder | null = null;

  constructor(private readonly sink: SamplesSink) {}

  decode(packet: Uint8Array, at: number): void {
    this.decoder ??= this.open();
    const timestamp = (at / SAMPLE_RATE) * US_PER_S;
    this.decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp, data: packet }));
  }

  reset(): void {
    this.close();
  }

  close(): void {
    if (this.decoder && this.decoder.state !== 'closed') this.decoder.close();
    this.decoder = null;
  }

  private open(): AudioDecoder {
    const decoder: AudioDecoder = new AudioDecoder({
      output: (data) => {
        const samples = new Float32Array(data.numberOfFrames);
        data.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
        const at = Math.round((data.timestamp / US_PER_S) * SAMPLE_RATE);
        data.close();
        if (this.decoder === decoder) this.sink(samples, at);
      },
      // The decoder is closed by then; the next packet opens another one.
      error: () => {
        if (this.decoder === decoder) this.decoder = null;
      },
    });
    decoder.configure({ codec: 'opus', sampleRate: SAMPLE_RATE, numberOfChannels: 1 });
    return decoder;
  }
}

/** Packets that are decoded as one file, and how long to wait for them. */
const BATCH = 10;
const BATCH_WAIT_MS = 60;
/** Packets of before that go in front, 80 ms, for Opus to settle (RFC 7845, section 4.6). */
const LEAD = 4;

/** As files of some packets each, for browsers that decode only files. */
class FileDecoder implements OpusDecoder {
  private lead: Uint8Array[] = [];
  private batch: Uint8Array[] = [];
  private batchAt = 0;
  private round = 0;
  private timer: ReturnType<typeof setTimeout> | null = null;
  private last: Promise<void> = Promise.resolve();
  private readonly context = new OfflineAudioContext(1, 1, SAMPLE_RATE);

  constructor(private readonly sink: SamplesSink) {}

  decode(packet: Uint8Array, at: number): void {
    if (at !== this.batchAt + this.batch.length * PACKET_SAMPLES) {
      this.flush();
      this.lead = [];
    }
    if (this.batch.length === 0) this.batchAt = at;
    this.batch.push(packet.slice());
    if (this.batch.length >= BATCH) this.flush();
    else this.timer ??= setTimeout(() => this.flush(), BATCH_WAIT_MS);
  }

  reset(): void {
    this.round += 1;
    this.batch = [];
    this.lead = [];
    this.clearTimer();
  }

  close(): void {
    this.reset();
  }

  private flush(): void {
    this.clearTimer();
    const { lead, batch, batchAt: at, round } = this;
    if (batch.length === 0) return;
    this.batchAt = at + batch.length * PACKET_SAMPLES;
    this.batch = [];
    this.lead = [...lead, ...batch].slice(-LEAD);
    const file = writeOggOpus([...lead, ...batch], PACKET_SAMPLES);
    const decoded = this.context.decodeAudioData(file.buffer);
    this.last = this.last
      .then(() => decoded)
      .then((buffer) => {
        if (round === this.round) this.sink(buffer.getChannelData(0).slice(lead.length * PACKET_SAMPLES), at);
      })
      .catch(() => {});
  }

  private clearTimer(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
  }
}

/** A decoder of this browser. */
export const createOpusDecoder: CreateOpusDecoder = (sink) =>
  typeof AudioDecoder === 'function' ? new CodecDecoder(sink) : new FileDecoder(sink);
