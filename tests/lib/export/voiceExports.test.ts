import { BufferSource, EncodedPacketSink, Input, type InputAudioTrack, WEBM } from 'mediabunny';
import { beforeAll, describe, expect, it } from 'vitest';
import { exportRecording } from '@/lib/export/exportRecording';
import type { ExportFormat, ExportRequest, RoomPlan } from '@/lib/export/exportRequest';
import { memorySource } from '@/lib/recording/byteSource';
import { readTimeline } from '@/lib/recording/timeline';
import { concat, type MadeRecording, makeRecording } from '@/tests/lib/recording/recordingWorld';
import { say, spoken } from './voiceWorld';

let twoSeconds: readonly Uint8Array[];
beforeAll(() => {
  twoSeconds = spoken(2);
});

/** Seat 0 is an arm's length to the left of a guest, seat 1 to the right; on a seat oneself is in the middle. */
const ROOM: RoomPlan = (_, listener) => ({
  ear: listener === null ? [0, 1, 0] : [listener === 0 ? -1 : 1, 1, 0],
  forward: [0, 0, -1],
  mouthOf: (seat) => [seat === 0 ? -1 : 1, 1, 0],
});

async function exported(
  made: MadeRecording,
  wanted: Partial<ExportRequest> & { format: ExportFormat },
): Promise<Uint8Array> {
  const source = memorySource(made.bytes());
  const request = {
    source,
    recording: await readTimeline(source),
    person: null,
    fromMs: null,
    toMs: null,
    loadAvatar: () => Promise.reject(new Error('no avatar is needed')),
    room: ROOM,
    ...wanted,
  };
  let file: Uint8Array = new Uint8Array(0);
  await exportRecording(request, (bytes, atByte) => {
    if (atByte + bytes.length > file.length) file = concat([file, new Uint8Array(atByte + bytes.length - file.length)]);
    file.set(bytes, atByte);
  });
  return file;
}

/** Ana, on seat 0, and Ben, on seat 1. */
function meeting(): MadeRecording {
  const made = makeRecording();
  made.writer.appendEvent(0, { kind: 'joined', person: 'ana', name: 'Ana', avatar: 'ada', seat: 0 });
  made.writer.appendEvent(0, { kind: 'joined', person: 'ben', name: 'Ben', avatar: 'bo', seat: 1 });
  return made;
}

function endAt(made: MadeRecording, timeMs: number): void {
  made.writer.appendEvent(timeMs, { kind: 'recordingStopped', by: null, reason: 'host' });
  made.writer.end(timeMs);
}

async function packetsOf(track: InputAudioTrack) {
  const packets: { timeMs: number; durationMs: number; data: Uint8Array }[] = [];
  for await (const { timestamp, duration, data } of new EncodedPacketSink(track).packets()) {
    packets.push({ timeMs: Math.round(timestamp * 1000), durationMs: Math.round(duration * 1000), data });
  }
  return packets;
}

const times = (fromMs: number, count: number) => Array.from({ length: count }, (_, k) => fromMs + 20 * k);

describe('voices as WebM', () => {
  it('everybody has a track with their name, packets as they came, and gaps where they were silent', async () => {
    const made = meeting();
    say(made, [
      { personId: 'ana', fromMs: 1000, packets: twoSeconds, transitMs: (k) => (k % 5) * 9 },
      { personId: 'ben', fromMs: 2000, packets: twoSeconds },
      {
        personId: 'ana',
        fromMs: 6000,
        packets: twoSeconds.slice(0, 50),
        stamp: 2 ** 32 - 48_000 + 6000 * 48,
        sequence: 64,
      },
    ]);
    endAt(made, 9000);
    const input = new Input({ source: new BufferSource(await exported(made, { format: 'webm' })), formats: [WEBM] });
    const tracks = await input.getAudioTracks();
    expect(tracks.map(({ name, codec }) => [name, codec])).toEqual([
      ['Ana', 'opus'],
      ['Ben', 'opus'],
    ]);
    const [ana, ben] = await Promise.all(tracks.map(packetsOf));
    expect(ana!.map(({ timeMs }) => timeMs)).toEqual([...times(1000, 100), ...times(6000, 50)]);
    expect(ben!.map(({ timeMs }) => timeMs)).toEqual(times(2000, 100));
    expect(ana!.map(({ data }) => data)).toEqual([...twoSeconds, ...twoSeconds.slice(0, 50)]);
    // WebM keeps no duration of a packet: the last one of a track counts as a moment.
    expect(await tracks[0]!.computeDuration()).toBeCloseTo(6.98, 2);
    expect(await tracks[1]!.computeDuration()).toBeCloseTo(3.98, 2);
    expect(await input.computeDuration()).toBeCloseTo(6.98, 2);
    input.dispose();
  });

  it('one person and a part of the time can be chosen, and times count from its beginning', async () => {
    const made = meeting();
    say(made, [
      { personId: 'ana', fromMs: 0, packets: twoSeconds },
      { personId: 'ben', fromMs: 0, packets: twoSeconds },
    ]);
    endAt(made, 3000);
    const file = await exported(made, { format: 'webm', person: 'Ben', fromMs: 500, toMs: 1500 });
    const input = new Input({ source: new BufferSource(file), formats: [WEBM] });
    const [track, ...more] = await input.getAudioTracks();
    expect([track!.name, more]).toEqual(['Ben', []]);
    expect((await packetsOf(track!)).map(({ timeMs }) => timeMs)).toEqual(times(0, 50));
    input.dispose();
  });

  it('a recording in which nobody spoke, and a person who did not, are refused', async () => {
    const silent = meeting();
    endAt(silent, 2000);
    await expect(exported(silent, { format: 'webm' })).rejects.toMatchObject({ reason: 'noPerson' });
    await expect(exported(silent, { format: 'wav' })).rejects.toMatchObject({ reason: 'noPerson' });
    const made = meeting();
    say(made, [{ personId: 'ana', fromMs: 0, packets: twoSeconds }]);
    endAt(made, 2000);
    await expect(exported(made, { format: 'webm', person: 'Ben' })).rejects.toMatchObject({
      reason: 'noPerson',
      message: expect.stringContaining('Ana (ana)'),
    });
  });
});

/** Loudness of each side of a WAV file of 16-bit stereo between two times: root mean squares, 0 to 1. */
function loudness(wav: Uint8Array, fromMs: number, toMs: number): readonly [left: number, right: number] {
  const samples = new Int16Array(wav.slice(44).buffer);
  const squares = [0, 0];
  const [from, to] = [fromMs * 48, toMs * 48];
  for (let k = from; k < to; k += 1)
    for (const side of [0, 1]) squares[side]! += (samples[2 * k + side]! / 32_767) ** 2;
  return [Math.sqrt(squares[0]! / (to - from)), Math.sqrt(squares[1]! / (to - from))];
}

describe('voices as WAV', () => {
  it('voices are heard from their seats at their times, with silence where nobody speaks', async () => {
    const made = meeting();
    say(made, [
      { personId: 'ana', fromMs: 1000, packets: twoSeconds },
      { personId: 'ben', fromMs: 5000, packets: twoSeconds },
    ]);
    endAt(made, 8000);
    const wav = await exported(made, { format: 'wav' });
    const header = new DataView(wav.buffer);
    expect(wav.length).toBe(44 + 8 * 48_000 * 4);
    expect(header.getUint32(4, true)).toBe(wav.length - 8);
    expect(header.getUint32(40, true)).toBe(wav.length - 44);
    expect(loudness(wav, 0, 990)).toEqual([0, 0]);
    const [anaLeft, anaRight] = loudness(wav, 1100, 2900);
    // The tone was made with a peak of 8,000.
    expect(anaLeft).toBeCloseTo((8000 / 32_767) * Math.SQRT1_2, 1);
    expect(anaRight).toBeLessThan(0.01);
    expect(loudness(wav, 3050, 4990)).toEqual([0, 0]);
    const [benLeft, benRight] = loudness(wav, 5100, 6900);
    expect(benRight).toBeCloseTo(anaLeft, 2);
    expect(benLeft).toBeLessThan(0.01);
  });

  it('heard from their own seat a person is in the middle', async () => {
    const made = meeting();
    say(made, [{ personId: 'ana', fromMs: 0, packets: twoSeconds }]);
    endAt(made, 2000);
    const [left, right] = loudness(await exported(made, { format: 'wav', person: 'ana' }), 200, 1900);
    expect(left).toBeGreaterThan(0.05);
    expect(right / left).toBeCloseTo(1, 2);
  });

  it('a lost packet is concealed, and after a longer loss there is silence', async () => {
    const made = meeting();
    const isLost = (k: number) => k === 20 || (k >= 50 && k < 75);
    say(made, [{ personId: 'ana', fromMs: 0, packets: twoSeconds, transitMs: (k) => (isLost(k) ? null : 0) }]);
    endAt(made, 2000);
    const wav = await exported(made, { format: 'wav' });
    const [spokenLoudness] = loudness(wav, 200, 380);
    expect(loudness(wav, 400, 420)[0]).toBeGreaterThan(spokenLoudness / 3);
    expect(loudness(wav, 1020, 1480)).toEqual([0, 0]);
    expect(loudness(wav, 1520, 1900)[0]).toBeCloseTo(spokenLoudness, 1);
  });

  it('a part of the time begins in mid-voice', async () => {
    const made = meeting();
    say(made, [{ personId: 'ana', fromMs: 0, packets: twoSeconds }]);
    endAt(made, 3000);
    const wav = await exported(made, { format: 'wav', fromMs: 1000, toMs: 2500 });
    expect(wav.length).toBe(44 + 1.5 * 48_000 * 4);
    expect(loudness(wav, 0, 20)[0]).toBeCloseTo(loudness(wav, 200, 900)[0], 1);
    expect(loudness(wav, 1050, 1500)).toEqual([0, 0]);
  });

  it('what is longer than a WAV file can be is refused before anything is read', async () => {
    const made = meeting();
    say(made, [{ personId: 'ana', fromMs: 0, packets: twoSeconds }]);
    endAt(made, 2000);
    const { timeline, rows } = await readTimeline(memorySource(made.bytes()));
    // An index that promises hours, of which there is nothing.
    const hours = Array.from({ length: 7 * 3600 }, (_, number) => ({ ...rows[0]!, number }));
    const long = exported(made, { format: 'wav', toMs: 7 * 3_600_000, recording: { timeline, rows: hours } });
    await expect(long).rejects.toMatchObject({ reason: 'tooLong' });
  });
});
