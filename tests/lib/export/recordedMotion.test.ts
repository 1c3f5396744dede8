import { describe, expect, it } from 'vitest';
import { readMotion } from '@/lib/export/readMotion';
import { copyPose, createPose } from '@/lib/pose/pose';
import { memorySource } from '@/lib/recording/byteSource';
import { type MadeRecording, makeRecording } from '@/tests/lib/recording/recordingWorld';
import { bodyPoses, record, recorded, sent, type TimedFrame } from './motionWorld';

async function framesOf(made: MadeRecording, fromMs = 0, toMs = 60_000, personId = 'ana'): Promise<TimedFrame[]> {
  const frames: TimedFrame[] = [];
  const request = { source: memorySource(made.bytes()), rows: made.rows, personId, fromMs, toMs };
  await readMotion(request, (pose, timeMs) => frames.push({ pose: copyPose(pose, createPose()), timeMs }));
  return frames;
}

describe('motion read from a recording', () => {
  it('recorded poses are bit for bit those that a live receiver decodes, at the time of their capture', async () => {
    const { made, frames } = recorded(sent({ poses: bodyPoses(8) }));
    expect(await framesOf(made)).toEqual(frames);
  });

  it('late packets do not move a pose in time', async () => {
    const jitter = (frame: number) => (frame < 30 ? 90 : frame % 7 === 0 ? 30 : 60);
    const { made, frames } = recorded(sent({ poses: bodyPoses(8), transitMs: jitter }));
    const read = await framesOf(made);
    expect(read.map(({ pose }) => pose)).toEqual(frames.map(({ pose }) => pose));
    // The first second was slow in every packet; what comes right after it tells.
    expect(read.map(({ timeMs }) => timeMs)).toEqual(frames.map(({ timeMs }) => timeMs));
  });

  it('only the frames of the time asked for are handed on, whole from the first on', async () => {
    const { made, frames } = recorded(sent({ poses: bodyPoses(14) }));
    const wanted = frames.filter(({ timeMs }) => timeMs >= 9000 && timeMs <= 11_000);
    expect(wanted.length).toBeGreaterThan(50);
    expect(await framesOf(made, 9000, 11_000)).toEqual(wanted);
  });

  it('a person whose page was reloaded goes on with a new clock', async () => {
    const made = makeRecording();
    const before = record(made, sent({ poses: bodyPoses(3) }));
    const after = record(
      made,
      sent({ poses: bodyPoses(3), sourceId: 'e2', fromMs: 5000, senderFromMs: 40, transitMs: () => 30 }),
    );
    made.writer.end(9000);
    expect(await framesOf(made)).toEqual([...before, ...after]);
  });

  it('a sender whose clock jumps on the same track is followed after the next keyframe', async () => {
    const made = makeRecording();
    record(made, sent({ poses: bodyPoses(3) }));
    record(made, sent({ poses: bodyPoses(3), fromMs: 5000, senderFromMs: 900_000 }));
    made.writer.end(9000);
    const frames = await framesOf(made);
    const late = frames.filter(({ timeMs }) => timeMs > 4000);
    expect(late.length).toBeGreaterThan(80);
    expect(late[0]!.timeMs).toBe(5030);
    expect(frames.every(({ timeMs }, k) => k === 0 || timeMs > frames[k - 1]!.timeMs)).toBe(true);
  });

  it('others in the recording do not matter, and a person without poses has none', async () => {
    const made = makeRecording();
    const ana = record(made, sent({ poses: bodyPoses(2) }));
    record(made, sent({ poses: bodyPoses(2), personId: 'ben', sourceId: 'e2', fromMs: 2000 }));
    made.writer.end(5000);
    expect(await framesOf(made)).toEqual(ana);
    expect(await framesOf(made, 0, 60_000, 'cy')).toEqual([]);
  });

  it('reading reports its progress and ends at the signal', async () => {
    const { made } = recorded(sent({ poses: bodyPoses(5) }));
    const shares: number[] = [];
    const abort = new AbortController();
    const request = {
      source: memorySource(made.bytes()),
      rows: made.rows,
      personId: 'ana',
      fromMs: 0,
      toMs: 5000,
      signal: abort.signal,
      onProgress: (share: number) => shares.push(share),
    };
    await readMotion(request, () => {});
    expect(shares.at(-1)).toBe(1);
    abort.abort(new Error('cancelled'));
    await expect(readMotion(request, () => {})).rejects.toThrow('cancelled');
  });
});
