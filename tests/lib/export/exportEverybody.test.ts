import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { exportEverybody } from '@/lib/export/exportEverybody';
import { exportRecording } from '@/lib/export/exportRecording';
import type { ExportRequest, ExportSink } from '@/lib/export/exportRequest';
import { memorySource } from '@/lib/recording/byteSource';
import { readTimeline } from '@/lib/recording/timeline';
import { threePeople } from '@/tests/e2e/support/recordedMeeting';
import { concat, makeRecording } from '@/tests/lib/recording/recordingWorld';

const noRoom = () => {
  throw new Error('nobody listens');
};

async function requestOf(bytes: Uint8Array): Promise<Omit<ExportRequest, 'person'>> {
  const source = memorySource(bytes);
  const recording = await readTimeline(source);
  const loadAvatar = () => Promise.reject(new Error('no avatar is needed'));
  return { source, recording, format: 'bvh', fromMs: null, toMs: null, loadAvatar, room: noRoom };
}

async function written(write: (sink: ExportSink) => Promise<void>): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let end = 0;
  await write((bytes, atByte) => {
    expect(atByte).toBe(end);
    end += bytes.length;
    pieces.push(bytes);
  });
  return concat(pieces);
}

describe('the motion of everybody', () => {
  it('is an archive with the file of each, as it is exported alone; equal names get numbers', async () => {
    const request = await requestOf(threePeople(3000).bytes());
    const shares: number[] = [];
    const watched = { ...request, onProgress: (share: number) => shares.push(share) };
    const files = unzipSync(await written((sink) => exportEverybody(watched, ({ id }) => id.slice(0, 2), sink)));
    expect(Object.keys(files)).toEqual(['p-.bvh', 'p- 2.bvh', 'p- 3.bvh']);
    const alone = await written((sink) => exportRecording({ ...request, person: 'p-jonas' }, sink));
    expect(files['p- 2.bvh']).toEqual(alone);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual([...shares].sort((a, b) => a - b));
  });

  it('leaves out who is not there in that time, and says so if nobody is', async () => {
    const request = await requestOf(threePeople(3000).bytes());
    const late = { ...request, fromMs: 60_000, toMs: 70_000 };
    const nobody = written((sink) => exportEverybody({ ...late, format: 'vrma' }, ({ name }) => name, sink));
    await expect(nobody).rejects.toMatchObject({ reason: 'nothingThere' });
    const still = makeRecording();
    still.writer.appendEvent(0, { kind: 'joined', person: 'ana', name: 'Ana', avatar: 'ada', seat: 0 });
    still.writer.end(500);
    const unmoved = await requestOf(still.bytes());
    const none = written((sink) => exportEverybody(unmoved, ({ name }) => name, sink));
    await expect(none).rejects.toMatchObject({ reason: 'noPerson' });
  });

  it('a segment that is damaged counts as one in which nothing came', async () => {
    const bytes = threePeople(6000).bytes();
    const request = await requestOf(bytes);
    const { atByte } = request.recording.rows[2]!;
    bytes[atByte + 100]! ^= 1;
    const alone = { ...request, person: 'p-jonas' };
    expect((await written((sink) => exportRecording(alone, sink))).length).toBeGreaterThan(10_000);
  });
});
