import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportRecording } from '@/lib/export/exportRecording';
import type { ExportFormat, RoomPlan } from '@/lib/export/exportRequest';
import { parseBvh } from '@/lib/motion/parseBvh';
import { memorySource } from '@/lib/recording/byteSource';
import { readTimeline } from '@/lib/recording/timeline';
import { threePeople } from '@/tests/e2e/support/recordedMeeting';
import { concat } from '@/tests/lib/recording/recordingWorld';
import { spoken } from './voiceWorld';

const RATE_HZ = 48_000;

describe('a recording with a break', () => {
  /** Half a minute of which the seconds 8 to 19 are missing. */
  let bytes: Uint8Array;
  beforeAll(() => {
    const { segments } = threePeople(30_000, { voice: spoken(1) });
    bytes = concat(segments.filter((_, k) => k < 8 || k >= 20));
  });

  async function exported(format: ExportFormat): Promise<Uint8Array> {
    const source = memorySource(bytes);
    const recording = await readTimeline(source);
    const pieces: Array<readonly [Uint8Array, number]> = [];
    const wanted = {
      source,
      recording,
      format,
      fromMs: null,
      toMs: null,
      loadAvatar: () => Promise.reject(new Error()),
    };
    const room: RoomPlan = () => ({ ear: [0, 1, 0], forward: [0, 0, -1], mouthOf: () => [0, 1, -1] });
    await exportRecording({ ...wanted, room, person: format === 'bvh' ? 'p-maya' : null }, (piece, atByte) => {
      pieces.push([piece.slice(), atByte]);
    });
    const whole = new Uint8Array(Math.max(...pieces.map(([piece, atByte]) => atByte + piece.length)));
    for (const [piece, atByte] of pieces) whole.set(piece, atByte);
    return whole;
  }

  it('is exported without it, in every format on the same time', async () => {
    const sound = await exported('wav');
    const soundS = (sound.length - 44) / 4 / RATE_HZ;
    expect(soundS).toBeGreaterThan(17);
    expect(soundS).toBeLessThanOrEqual(18);
    const { frameCount, frameTimeSeconds } = parseBvh(new TextDecoder().decode(await exported('bvh')));
    expect(frameCount * frameTimeSeconds).toBeGreaterThan(17);
    expect(frameCount * frameTimeSeconds).toBeLessThanOrEqual(18.1);
    const text = new TextDecoder().decode(await exported('vtt'));
    expect(text).toContain('00:00:08.500 --> 00:00:11.700\n<v Lin Wei>');
  });

  it('each voice goes on right after it', async () => {
    const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(await exported('webm')) });
    const tracks = await input.getAudioTracks();
    const lin = tracks.find(({ name }) => name === 'Lin Wei')!;
    const times: number[] = [];
    for await (const { timestamp } of new EncodedPacketSink(lin).packets()) times.push(timestamp);
    expect(times.every((time, k) => k === 0 || time > times[k - 1]!)).toBe(true);
    expect(times[0]).toBeCloseTo(8.5, 1);
    expect(times.at(-1)).toBeLessThan(18);
  });
});
