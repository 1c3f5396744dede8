import type { MadeRecording } from '@/tests/lib/recording/recordingWorld';
import { encodeTone } from '@/tests/lib/transport/headless/madeVoice';

/** A stretch in which somebody speaks: a tone. */
export interface Speech {
  readonly personId: string;
  /** The recording's time of the first packet as it was said, ms. */
  readonly fromMs: number;
  readonly packets: readonly Uint8Array[];
  /** The RTP timestamp of the first packet. */
  readonly stamp?: number;
  /** The sequence number of the first packet. */
  readonly sequence?: number;
  readonly sourceId?: string;
  /** How long packet `k` is on its way, ms; null where it is lost. */
  readonly transitMs?: (k: number) => number | null;
}

const PACKET_MS = 20;
const PACKET_TICKS = 960;
const STAMP = 2 ** 32 - 48_000;

/** A tone of `seconds` as Opus. */
export function spoken(seconds: number, toneHz = 440): readonly Uint8Array[] {
  return encodeTone(seconds, toneHz);
}

/** Writes speech as it comes to a recorder, packets in the order of their arrival. */
export function say(made: MadeRecording, speeches: readonly Speech[]): void {
  const arrivals = speeches.flatMap((speech) => {
    const { personId, fromMs, packets, sourceId = 's1', transitMs = () => 0 } = speech;
    const { stamp = STAMP + fromMs * 48, sequence = 65_500 } = speech;
    const track = made.writer.trackOf('voice', personId, sourceId);
    return packets.flatMap((bytes, k) => {
      const transit = transitMs(k);
      if (transit === null) return [];
      const numbers = { sequence: (sequence + k) & 0xffff, stamp: (stamp + k * PACKET_TICKS) % 2 ** 32 };
      return [{ track, bytes, atMs: fromMs + k * PACKET_MS + transit, ...numbers }];
    });
  });
  arrivals.sort((a, b) => a.atMs - b.atMs);
  for (const { track, atMs, bytes, sequence, stamp } of arrivals) {
    made.writer.appendVoice(track, atMs, bytes, sequence, stamp, false);
  }
}
