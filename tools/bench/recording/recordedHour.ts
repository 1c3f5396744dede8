import { isKeyframe, timeOf } from '@/lib/codec/packetHeader';
import { ALL_PARTS } from '@/lib/pose/pose';
import { framesPerPacket, tierForSeated } from '@/lib/quality/tiers';
import { type IndexRow, writeIndex } from '@/lib/recording/recordingIndex';
import { RecordingWriter } from '@/lib/recording/recordingWriter';
import { seededRandom } from '@/tools/seededRandom';
import { atRate, benchClip } from '../codec/benchClip';
import { createOurEncoder } from '../codec/ourCodec';
import type { CorpusClip } from '../motion/corpusClip';

export const PEOPLE = 16;
const VOICES = 3;
const VOICE_STEP_MS = 20;
/** 28 kbit/s, what Chromium sends of a voice. */
const VOICE_BYTES = 70;
const MINUTE_MS = 60_000;
const RECORDING_ID = Uint8Array.from({ length: 16 }, (_, k) => k);

/** A packet as it comes to a recorder; `person` is 0 to 15. */
export type ArrivingPacket =
  | {
      readonly type: 'pose';
      readonly timeMs: number;
      readonly person: number;
      readonly bytes: Uint8Array;
      readonly isKeyframe: boolean;
    }
  | {
      readonly type: 'voice';
      readonly timeMs: number;
      readonly person: number;
      readonly bytes: Uint8Array;
      readonly sequence: number;
      readonly timestamp: number;
    };

/** One person's pose packets for `durationMs`, the clips one after the other, with the times at which they are sent. */
function posePackets(clips: readonly CorpusClip[], durationMs: number) {
  const tier = tierForSeated(PEOPLE);
  const encoder = createOurEncoder();
  encoder.compression = tier.compression;
  encoder.framesPerPacket = framesPerPacket(tier);
  const poses = clips.flatMap((clip) => atRate(benchClip(clip, ALL_PARTS), tier.fps).poses);
  const packets: Array<{ readonly timeMs: number; readonly bytes: Uint8Array }> = [];
  for (let frame = 0; (frame * 1000) / tier.fps < durationMs; frame += 1) {
    const timeMs = Math.round((frame * 1000) / tier.fps);
    const sizeBytes = encoder.encode(poses[frame % poses.length]!, timeMs);
    if (sizeBytes > 0) packets.push({ timeMs, bytes: encoder.packet.slice(0, sizeBytes) });
  }
  return packets;
}

/** Packets of a voice. Bytes of Opus look like noise. */
function voicePackets(seed: number, count: number): Uint8Array[] {
  const random = seededRandom(seed);
  return Array.from({ length: count }, () =>
    Uint8Array.from({ length: VOICE_BYTES }, () => Math.floor(random() * 256)),
  );
}

/**
 * What 16 people with three voices send in `minutes`, in the order of time: everybody moves as one person did, from another
 * moment on; voices repeat every minute.
 */
export function arrivingPackets(clips: readonly CorpusClip[], minutes: number): ArrivingPacket[] {
  const durationMs = minutes * MINUTE_MS;
  const sent = posePackets(clips, durationMs);
  const poses = Array.from({ length: PEOPLE }, (_, person) => person).flatMap((person) =>
    sent.map(({ bytes }, k): ArrivingPacket => {
      const timeMs = sent[(k + Math.floor((person * sent.length) / PEOPLE)) % sent.length]!.timeMs + person;
      return { type: 'pose', timeMs, person, bytes, isKeyframe: isKeyframe(bytes) };
    }),
  );
  const voices = Array.from({ length: VOICES }, (_, person) => {
    const packets = voicePackets(person + 1, MINUTE_MS / VOICE_STEP_MS);
    return Array.from({ length: durationMs / VOICE_STEP_MS }, (__, k): ArrivingPacket => {
      const numbers = { sequence: k & 0xffff, timestamp: (k * 960) % 2 ** 32 };
      return { type: 'voice', timeMs: k * VOICE_STEP_MS, person, bytes: packets[k % packets.length]!, ...numbers };
    });
  }).flat();
  return [...poses, ...voices].sort((a, b) => a.timeMs - b.timeMs);
}

/** Writes packets as the recorder does. `onSegment` gets each segment. */
export function writeRecording(
  packets: readonly ArrivingPacket[],
  onSegment: (bytes: Uint8Array, row: Omit<IndexRow, 'atByte'>) => void,
): void {
  const writer = new RecordingWriter({
    recordingId: RECORDING_ID,
    startedAtMs: 0,
    onSegment: ({ bytes, isLast: _, ...row }) => onSegment(bytes, row),
  });
  const ids = Array.from({ length: PEOPLE }, (_, person) => `person-${person}`);
  ids.forEach((person, seat) => {
    writer.appendEvent(0, { kind: 'joined', person, name: person, avatar: 'ada', seat });
  });
  const poses = ids.map((person) => writer.trackOf('pose', person, 'e1'));
  const voices = ids.slice(0, VOICES).map((person) => writer.trackOf('voice', person, 'e1'));
  for (const packet of packets) {
    const { timeMs, person, bytes } = packet;
    if (packet.type === 'pose') {
      writer.appendPose(poses[person]!, timeMs, bytes, packet.isKeyframe, packet.isKeyframe ? timeOf(bytes) : -1);
    } else writer.appendVoice(voices[person]!, timeMs, bytes, packet.sequence, packet.timestamp, false);
  }
  writer.end(packets.at(-1)!.timeMs);
}

/** A recording in memory, with its index. */
export function recordingOf(packets: readonly ArrivingPacket[]): {
  readonly bytes: Uint8Array;
  readonly index: Uint8Array;
} {
  const segments: Uint8Array[] = [];
  const rows: IndexRow[] = [];
  let atByte = 0;
  writeRecording(packets, (bytes, row) => {
    segments.push(bytes.slice());
    rows.push({ ...row, atByte });
    atByte += bytes.length;
  });
  return { bytes: new Uint8Array(Buffer.concat(segments)), index: writeIndex({ recordingId: RECORDING_ID, rows }) };
}
