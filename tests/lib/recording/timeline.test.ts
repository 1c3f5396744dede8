import { describe, expect, it } from 'vitest';
import { memorySource } from '@/lib/recording/byteSource';
import { recoverRecording } from '@/lib/recording/recovery';
import { openSegment } from '@/lib/recording/segmentReader';
import { readTimeline, TimelineBuilder } from '@/lib/recording/timeline';
import { concat, type MadeRecording, makeRecording, STARTED_AT_MS, voiceRun } from './recordingWorld';

/** Ana and Ben for twelve seconds; Ana speaks, shares, and goes on after Ben has left. */
function conversation(): MadeRecording {
  const made = makeRecording();
  const { writer } = made;
  writer.appendEvent(0, {
    kind: 'recordingStarted',
    by: 'ana',
    meetingId: 'team',
    title: 'Stand-up',
    consent: 'notice',
  });
  writer.appendEvent(0, { kind: 'joined', person: 'ana', name: 'Ana', avatar: 'ada', seat: 0 });
  writer.appendEvent(500, { kind: 'joined', person: 'ben', name: 'Ben', avatar: 'hari', seat: 1 });
  made.write(voiceRun('ana', 50, 1000));
  writer.appendEvent(2000, { kind: 'speaking', person: 'ana', isSpeaking: true });
  writer.appendEvent(2500, { kind: 'chat', person: 'ben', text: 'Hello' });
  writer.appendEvent(3000, { kind: 'speaking', person: 'ana', isSpeaking: false });
  writer.appendEvent(3500, { kind: 'chapter', title: 'News' });
  const pose = writer.trackOf('pose', 'ben', 'e1');
  for (let k = 0; k < 30; k += 1) writer.appendPose(pose, 4000 + 66 * k, Uint8Array.of(0x50), k === 0);
  writer.appendEvent(6000, { kind: 'name', person: 'ben', name: 'Benjamin' });
  const screen = writer.trackOf('screen', 'ana', 'e1');
  for (let k = 0; k < 5; k += 1) {
    const place = { isFirst: true, isLast: true, isKeyframe: k === 1 };
    writer.appendFragment(screen, 7000 + 100 * k, Uint8Array.of(1), k, 9000 * k, place);
  }
  writer.appendEvent(8000, { kind: 'speaking', person: 'ben', isSpeaking: true });
  writer.appendEvent(9000, { kind: 'left', person: 'ben', reason: 'left' });
  writer.appendEvent(10_000, { kind: 'speaking', person: 'ana', isSpeaking: true });
  return made;
}

function ended(made: MadeRecording): MadeRecording {
  made.writer.appendEvent(11_800, { kind: 'recordingStopped', by: 'ana', reason: 'host' });
  made.writer.end(11_800);
  return made;
}

describe('the time line of a recording', () => {
  it('it lists people, screens, chat, chapters and who spoke when', async () => {
    const made = ended(conversation());
    const { timeline, rows, damagedBytes } = await readTimeline(memorySource(made.bytes()));
    expect(damagedBytes).toBe(0);
    expect(rows).toEqual(made.rows);
    expect(timeline).toEqual({
      meetingId: 'team',
      title: 'Stand-up',
      startedAtMs: STARTED_AT_MS,
      fromMs: 0,
      toMs: 11_800,
      segments: 12,
      sizeBytes: made.bytes().length,
      takes: 1,
      people: [
        {
          id: 'ana',
          name: 'Ana',
          avatar: 'ada',
          poses: 0,
          voicePackets: 50,
          fromMs: 0,
          toMs: 10_000,
          speaking: [
            { fromMs: 2000, toMs: 3000 },
            { fromMs: 10_000, toMs: 11_800 },
          ],
        },
        {
          id: 'ben',
          name: 'Benjamin',
          avatar: 'hari',
          poses: 30,
          voicePackets: 0,
          fromMs: 500,
          toMs: 9000,
          speaking: [{ fromMs: 8000, toMs: 9000 }],
        },
      ],
      screens: [{ personId: 'ana', track: 3, frames: 4, fromMs: 7000, toMs: 7400 }],
      messages: [{ timeMs: 2500, personId: 'ben', name: 'Ben', text: 'Hello' }],
      chapters: [{ timeMs: 3500, title: 'News' }],
      events: 13,
      skipped: 0,
      isComplete: true,
    });
  });

  it('a recording that was not ended lasts to the end of its last segment and is not complete', async () => {
    const made = conversation();
    made.writer.advance(11_000);
    const { timeline } = await readTimeline(memorySource(made.bytes()));
    expect(timeline).toMatchObject({ segments: 11, toMs: 11_000, isComplete: false });
    expect(timeline.people[0]!.speaking.at(-1)).toEqual({ fromMs: 10_000, toMs: 11_000 });
  });

  it('damage and missing segments are not complete, and the rest is there', async () => {
    const made = ended(conversation());
    const bytes = made.bytes();
    bytes[made.rows[4]!.atByte + 70]! ^= 1;
    const damaged = await readTimeline(memorySource(bytes));
    expect(damaged.damagedBytes).toBe(made.rows[4]!.sizeBytes);
    expect(damaged.timeline).toMatchObject({ segments: 11, toMs: 11_800, isComplete: false });
    const missing = await readTimeline(memorySource(concat(made.segments.filter((_, k) => k !== 4))));
    expect(missing.damagedBytes).toBe(0);
    expect(missing.timeline).toMatchObject({ segments: 11, isComplete: false });
  });

  it('a recording without its beginning knows people by the first state', async () => {
    const made = ended(conversation());
    const { timeline } = await readTimeline(memorySource(concat(made.segments.slice(5))));
    expect(timeline).toMatchObject({ title: 'Stand-up', startedAtMs: STARTED_AT_MS, fromMs: 5000, isComplete: false });
    expect(timeline.people.map(({ name, fromMs }) => [name, fromMs])).toEqual([
      ['Ana', 5000],
      ['Benjamin', 5000],
    ]);
  });

  it('an interrupted recording that went on is complete, in two takes, and nobody speaks in between', async () => {
    const made = conversation();
    made.writer.advance(11_000);
    const bytes = made.bytes();
    const { resume, wholeBytes } = await recoverRecording(memorySource(bytes.subarray(0, -10)), null);
    const resumed = makeRecording({ resume });
    resumed.writer.appendEvent(20_000, { kind: 'joined', person: 'ana', name: 'Ana', avatar: 'ada', seat: 0 });
    resumed.write(voiceRun('ana', 10, 20_100));
    resumed.writer.appendEvent(20_500, { kind: 'recordingStopped', by: null, reason: 'meetingEnded' });
    resumed.writer.end(20_600);
    const { timeline } = await readTimeline(memorySource(concat([bytes.subarray(0, wholeBytes), ...resumed.segments])));
    expect(timeline).toMatchObject({ takes: 2, segments: 11, toMs: 20_500, isComplete: true });
    expect(timeline.people[0]).toMatchObject({ id: 'ana', voicePackets: 60, toMs: 20_280 });
    expect(timeline.people[0]!.speaking).toEqual([{ fromMs: 2000, toMs: 3000 }]);
  });

  it('a time line can be asked for while the recording grows', () => {
    const made = ended(conversation());
    const builder = new TimelineBuilder();
    const lengths = made.segments.map((bytes) => {
      builder.add(openSegment(bytes));
      return builder.build(true).toMs;
    });
    expect(lengths).toEqual([...Array.from({ length: 11 }, (_, k) => 1000 * (k + 1)), 11_800]);
  });
});
