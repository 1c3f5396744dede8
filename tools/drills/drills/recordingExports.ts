import { setTimeout as sleep } from 'node:timers/promises';
import { ALL_FORMATS, BufferSource, Input } from 'mediabunny';
import OpusScript from 'opusscript';
import { readGlb } from '@/lib/avatarFile/gltf/glb';
import { exportRecording } from '@/lib/export/exportRecording';
import { EXPORT_FORMATS, type ExportFormat } from '@/lib/export/exportRequest';
import { parseBvh } from '@/lib/motion/parseBvh';
import type { ByteSource } from '@/lib/recording/byteSource';
import { type ReadTimeline, readTimeline } from '@/lib/recording/timeline';
import type { OpusSource } from '@/lib/transport/headless/voice/opusPacket';
import { seatedHearing } from '@/scene/room/plan/seatedHearing';
import { avatarLoader } from '@/tools/recording/avatarLoader';
import { openUrlSource } from '@/tools/recording/urlSource';
import { type Drill, exactly } from '../drill';
import { record } from './recordings';

const RATE_HZ = 48_000;
const PACKET_MS = 20;
const PACKET_SAMPLES = (RATE_HZ * PACKET_MS) / 1000;
const WAV_HEADER_BYTES = 44;
const WAV_FRAME_BYTES = 4;
/** How much shorter a track may be than what was recorded: voices begin when people are connected. */
const SHORTER_MAX = 0.2;

/** A second of a tone. */
function tone(): OpusSource {
  const encoder = new OpusScript(RATE_HZ, 1, OpusScript.Application.VOIP);
  const packets = Array.from({ length: 1000 / PACKET_MS }, (_, packet) => {
    const pcm = Int16Array.from({ length: PACKET_SAMPLES }, (__, k) => {
      return 8000 * Math.sin((2 * Math.PI * 330 * (packet * PACKET_SAMPLES + k)) / RATE_HZ);
    });
    const data = Uint8Array.from(encoder.encode(Buffer.from(pcm.buffer), PACKET_SAMPLES));
    return { data, durationMs: PACKET_MS, levelDbov: -20 };
  });
  encoder.delete();
  return { packets };
}

/** How long a file lasts as those who open it find, s. @throws Error where it does not open */
async function durationOf(format: ExportFormat, bytes: Uint8Array): Promise<number> {
  const text = () => new TextDecoder().decode(bytes);
  switch (format) {
    case 'bvh': {
      const { frameCount, frameTimeSeconds } = parseBvh(text());
      return frameCount * frameTimeSeconds;
    }
    case 'vrma':
    case 'glb': {
      const { json } = readGlb(bytes);
      const { animations, accessors } = json as GltfTimes;
      return Math.max(...animations[0]!.samplers.map(({ input }) => accessors[input]!.max![0]!));
    }
    case 'webm':
      return new Input({ formats: ALL_FORMATS, source: new BufferSource(bytes) }).computeDuration();
    case 'wav':
      return (bytes.length - WAV_HEADER_BYTES) / WAV_FRAME_BYTES / RATE_HZ;
    case 'vtt':
      if (!text().startsWith('WEBVTT\n')) throw new Error('a WebVTT file does not begin like one');
      return Number.POSITIVE_INFINITY;
  }
}

interface GltfTimes {
  readonly animations: ReadonlyArray<{ readonly samplers: ReadonlyArray<{ readonly input: number }> }>;
  readonly accessors: ReadonlyArray<{ readonly max?: readonly number[] }>;
}

/** A file of a recording, in memory. */
async function exported(
  source: ByteSource,
  recording: ReadTimeline,
  format: ExportFormat,
  url: string,
): Promise<Uint8Array> {
  const person = ['webm', 'wav', 'vtt'].includes(format) ? null : recording.timeline.people[0]!.id;
  const pieces: Array<readonly [bytes: Uint8Array, atByte: number]> = [];
  let sizeBytes = 0;
  const wanted = { source, recording, format, person, fromMs: null, toMs: null };
  await exportRecording({ ...wanted, loadAvatar: avatarLoader(url, null), room: seatedHearing }, (bytes, atByte) => {
    pieces.push([bytes.slice(), atByte]);
    sizeBytes = Math.max(sizeBytes, atByte + bytes.length);
  });
  const whole = new Uint8Array(sizeBytes);
  for (const [bytes, atByte] of pieces) whole.set(bytes, atByte);
  return whole;
}

/** A meeting with voices is recorded, and turned into every format. */
export const recordingExported: Drill = {
  name: 'recording-exported',
  passMark: 'a minute recorded with voices: every export opens, and is as long',
  needsServer: true,
  async run(world) {
    const server = await world.otherServer({ TRUST_PROXY: 'on' });
    const { stop } = await record(world, server.url, tone());
    await sleep(world.scale.exportedMs);
    const { durationS, replayUrl } = await stop();
    const source = await openUrlSource(replayUrl!);
    const recording = await readTimeline(source);
    const lasting = await Promise.all(
      EXPORT_FORMATS.map(async (format) => durationOf(format, await exported(source, recording, format, replayUrl!))),
    );
    const whole = lasting.filter((seconds) => seconds >= durationS * (1 - SHORTER_MAX)).length;
    return [
      { what: 'recorded', value: durationS, unit: 's', atLeast: world.scale.exportedMs / 1000 },
      { what: 'formats that open and are as long', value: whole, unit: '', ...exactly(EXPORT_FORMATS.length) },
    ];
  },
};
