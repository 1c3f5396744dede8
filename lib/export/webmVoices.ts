import { EncodedAudioPacketSource, EncodedPacket, Output, StreamTarget, WebMOutputFormat } from 'mediabunny';
import { PlayedTime } from '@/lib/recording/playedTime';
import type { RecordedPerson } from '@/lib/recording/timeline';
import type { ExportSink } from './exportRequest';
import type { RangeRequest } from './readRange';
import { readVoices } from './readVoices';
import type { VoicePacket } from './recordedVoice';

const RATE_HZ = 48_000;
const MS_PER_S = 1000;

/** `OpusHead` (RFC 7845, 5.1): one channel, nothing to skip, as packets come from the middle of a stream. */
function opusHead(): Uint8Array {
  const head = new Uint8Array(19);
  head.set(new TextEncoder().encode('OpusHead'));
  const view = new DataView(head.buffer);
  view.setUint8(8, 1);
  view.setUint8(9, 1);
  view.setUint32(12, RATE_HZ, true);
  return head;
}

const decoderConfig = { codec: 'opus', numberOfChannels: 1, sampleRate: RATE_HZ, description: opusHead() };

/** A person's track. */
class VoiceTrack {
  private readonly source = new EncodedAudioPacketSource('opus');
  private readonly ready: VoicePacket[] = [];
  private readonly startMs: number;
  private lastMs = Number.NEGATIVE_INFINITY;

  constructor(
    output: Output,
    name: string,
    private readonly range: RangeRequest,
    private readonly played: PlayedTime,
  ) {
    this.startMs = played.playedMsOf(range.fromMs);
    output.addAudioTrack(this.source, { name });
  }

  add(packet: VoicePacket): void {
    if (packet.timeMs >= this.range.fromMs && packet.timeMs < this.range.toMs) this.ready.push(packet);
  }

  async write(): Promise<void> {
    for (const { bytes, timeMs, durationMs } of this.ready.splice(0)) {
      const playedMs = this.played.playedMsOf(timeMs);
      // What was said as the recording broke off has no time of its own.
      if (playedMs <= this.lastMs) continue;
      this.lastMs = playedMs;
      const atS = (playedMs - this.startMs) / MS_PER_S;
      await this.source.add(new EncodedPacket(bytes, 'key', atS, durationMs / MS_PER_S), { decoderConfig });
    }
  }
}

/**
 * Writes voices as WebM: a track of Opus for each of `people`, with their name, packets as they came. Where somebody is silent their
 * track has a gap. Times are the played ones, from `range.fromMs` on. @throws what the source and `sink` throw; the signal's reason
 */
export async function writeWebm(
  range: RangeRequest,
  people: readonly RecordedPerson[],
  sink: ExportSink,
): Promise<void> {
  const writable = new WritableStream<{ data: Uint8Array; position: number }>({
    write: ({ data, position }) => sink(data, position),
  });
  const output = new Output({ format: new WebMOutputFormat(), target: new StreamTarget(writable, { chunked: true }) });
  const played = new PlayedTime(range.rows);
  const tracks = new Map(people.map(({ id, name }) => [id, new VoiceTrack(output, name || id, range, played)]));
  try {
    await output.start();
    await readVoices(range, {
      onPacket: (personId, packet) => tracks.get(personId)?.add(packet),
      onTime: async () => {
        for (const track of tracks.values()) await track.write();
      },
    });
    await output.finalize();
  } catch (error) {
    await output.cancel();
    throw error;
  }
}
