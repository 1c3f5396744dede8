import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordedEvent } from '@/lib/recording/events';
import { LIMITS } from '@/lib/recording/format';
import { EMPTY_STATE, stateAfter, stateAfterRecords } from '@/lib/recording/recordedState';
import { RecordingError } from '@/lib/recording/recordingError';
import { openSegment, readRecords } from '@/lib/recording/segmentReader';
import { anyEntries, entriesOf, type MadeRecording, makeRecording, recordsOf, voiceRun } from './recordingWorld';

const joined = (person: string, seat = 0): RecordedEvent => ({
  kind: 'joined',
  person,
  name: person,
  avatar: 'ada',
  seat,
});
const recordsIn = (made: MadeRecording, segment: number) => readRecords(openSegment(made.segments[segment]!)).records;

describe('a recording that is written', () => {
  it('R-3: each second of a take has its segment, with the records of its time', () => {
    fc.assert(
      fc.property(anyEntries(), (entries) => {
        const made = makeRecording();
        made.write(entries);
        made.writer.end(entries.at(-1)!.timeMs);
        const numbers = made.segments.map((bytes) => openSegment(bytes).number);
        // The first thing that is written begins the recording.
        const first = Math.floor(entries[0]!.timeMs / 1000);
        expect(numbers).toEqual(numbers.map((_, k) => first + k));
        for (const bytes of made.segments) {
          const { number } = openSegment(bytes);
          for (const { timeMs } of recordsOf([bytes])) expect(Math.floor(timeMs / 1000)).toBe(number);
        }
      }),
    );
  });

  it('R-7: what comes late counts as of the running second, and time never goes back', () => {
    const made = makeRecording();
    const { writer } = made;
    const track = writer.trackOf('pose', 'ana', 'e1');
    const timesMs = [1500, 1400, 300, 1600.9, Number.NaN, 2100, 1999, Number.POSITIVE_INFINITY, -5, 2 ** 40];
    for (const timeMs of timesMs) writer.appendPose(track, timeMs, Uint8Array.of(1), false);
    writer.end(0);
    expect(entriesOf(made.segments).map(({ timeMs }) => timeMs)).toEqual([
      1500, 1500, 1500, 1600, 1600, 2100, 2100, 2100, 2100, 2100,
    ]);
  });

  it('R-5: a state and clocks begin every fifth segment, and the state is what all events before amount to', () => {
    fc.assert(
      fc.property(anyEntries(1500), (entries) => {
        const made = makeRecording();
        made.write(entries);
        made.writer.end(entries.at(-1)!.timeMs);
        let state = EMPTY_STATE;
        for (const bytes of made.segments) {
          const segment = openSegment(bytes);
          const { records } = readRecords(segment);
          expect(segment.hasState).toBe(segment.beginsTake || segment.number % 5 === 0);
          expect(records[0]?.type === 'state').toBe(segment.hasState);
          if (records[0]?.type === 'state') expect(records[0].state).toEqual(state);
          for (const record of records) if (record.type === 'event') state = stateAfter(state, record.event);
        }
        expect(made.writer.state).toEqual(state);
        expect(stateAfterRecords(EMPTY_STATE, recordsOf(made.segments.slice(-5)))).toEqual(
          made.segments.length >= 5 ? state : stateAfterRecords(EMPTY_STATE, recordsOf(made.segments)),
        );
      }),
    );
  });

  it('R-36: clocks say when the quickest packet would have come', () => {
    const made = makeRecording();
    const { writer } = made;
    const voice = writer.trackOf('voice', 'ana', 'e1');
    const pose = writer.trackOf('pose', 'ana', 'e1');
    // 30 ms of transit, one packet of 10 ms; stamps begin at 77,000 ms of the sender's clock.
    for (let k = 0; k < 200; k += 1) {
      const timeMs = 20 * k + (k === 100 ? 10 : 30);
      writer.appendVoice(voice, timeMs, Uint8Array.of(1), k, 48 * (77_000 + 20 * k), false);
      if (k % 50 === 0) writer.appendPose(pose, timeMs, Uint8Array.of(1), true, 5000 + 20 * k);
    }
    writer.end(5100);
    const clocks = recordsIn(made, 5).filter((record) => record.type === 'clock');
    expect(clocks.map(({ timeMs, track, stamp, arrivalMs }) => [timeMs, track.kind, stamp, arrivalMs])).toEqual([
      [5000, 'voice', 48 * (77_000 + 3980), 3990],
      // Keyframes are all it knows of the sender's clock for poses.
      [5000, 'pose', 8000, 3010],
    ]);
  });

  it('R-36: a track that has been silent for ten seconds has no clock', () => {
    const made = makeRecording();
    made.write(voiceRun('ana', 3));
    for (let second = 1; second <= 15; second += 1) made.writer.advance(1000 * second);
    made.writer.end(15_000);
    const counts = [0, 5, 10, 15].map((k) => recordsIn(made, k).filter(({ type }) => type === 'clock').length);
    expect(counts).toEqual([0, 1, 1, 0]);
  });

  it('R-6: after more than ten seconds without a word another take begins, with the same tracks', () => {
    const made = makeRecording();
    const { writer } = made;
    made.write(voiceRun('ana', 1, 0));
    made.write(voiceRun('ana', 1, 10_999));
    made.write(voiceRun('ana', 1, 21_999));
    writer.end(22_000);
    const headers = made.segments.map((bytes) => openSegment(bytes));
    expect(headers.map(({ number }) => number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 21, 22]);
    expect(headers.map(({ take }) => take)).toEqual([...Array(11).fill(0), 1, 1]);
    expect(headers.filter(({ beginsTake }) => beginsTake).map(({ number }) => number)).toEqual([0, 21]);
    expect(recordsIn(made, 11).map((record) => (record.type === 'event' ? record.event : record.type))).toEqual([
      'state',
      // Eleven seconds ago: too long for a clock.
      { kind: 'takeBegan', reason: 'idle' },
      'voice',
    ]);
    expect([...headers[11]!.tracks.keys()]).toEqual([...headers[0]!.tracks.keys()]);
  });

  it('R-20: a track belongs to a source of a person and a kind, and its id is not used again', () => {
    const made = makeRecording();
    const { writer } = made;
    const ids = ['ana', 'ben', 'ana'].flatMap((person) =>
      (['pose', 'voice', 'screen'] as const).map((kind) => writer.trackOf(kind, person, 'e1').id),
    );
    expect(ids).toEqual([1, 2, 3, 4, 5, 6, 1, 2, 3]);
    // Ana's page has been reloaded.
    expect(writer.trackOf('pose', 'ana', 'e2').id).toBe(7);
    expect(writer.trackOf('pose', 'ana', 'e1').id).toBe(1);
    writer.end(0);
    expect(openSegment(made.segments[0]!).nextTrack).toBe(8);
    const resumed = makeRecording({ resume: { take: 1, number: 1, nextTrack: 8, state: EMPTY_STATE } });
    expect(resumed.writer.trackOf('pose', 'ana', 'e1').id).toBe(8);
  });

  it('R-6: a resumed recording goes on with its numbers, its meeting and nobody in it', () => {
    const made = makeRecording();
    made.writer.appendEvent(0, { kind: 'recordingStarted', by: null, meetingId: 'm', title: 'M', consent: 'ask' });
    made.writer.appendEvent(10, joined('ana'));
    const resume = { take: 1, number: 4, nextTrack: 3, state: made.writer.state };
    const resumed = makeRecording({ resume });
    // The wall clock was set back meanwhile.
    resumed.writer.appendEvent(2500, joined('ben'));
    resumed.writer.end(5000);
    expect(resumed.segments.map((bytes) => openSegment(bytes))).toMatchObject([
      { number: 4, take: 1, beginsTake: true, hasState: true },
      { number: 5, take: 1, beginsTake: false, isLast: true },
    ]);
    expect(recordsIn(resumed, 0)[0]).toMatchObject({ type: 'state', state: { people: [{ person: 'ana' }] } });
    expect(recordsIn(resumed, 1)[0]).toMatchObject({
      type: 'state',
      state: { meetingId: 'm', title: 'M', consent: 'ask', people: [{ person: 'ben' }] },
    });
  });

  it('R-8: the last segment says so, and nothing comes after it', () => {
    const made = makeRecording();
    const { writer } = made;
    const track = writer.trackOf('pose', 'ana', 'e1');
    writer.appendPose(track, 0, Uint8Array.of(1), true);
    writer.end(1700);
    writer.end(1800);
    writer.advance(9000);
    expect(writer.appendPose(track, 1900, Uint8Array.of(1), true)).toBe(false);
    expect(writer.appendEvent(1900, joined('ana'))).toBe(false);
    expect(made.segments.map((bytes) => openSegment(bytes).isLast)).toEqual([false, true]);
    expect(writer.state.people).toEqual([]);
  });

  describe('what is left out', () => {
    it('R-4: packets that are too large, empty or of another kind are left out and counted', () => {
      const { writer } = makeRecording();
      const pose = writer.trackOf('pose', 'ana', 'e1');
      const voice = writer.trackOf('voice', 'ana', 'e1');
      expect(writer.appendPose(pose, 0, new Uint8Array(LIMITS.poseBytes), true)).toBe(true);
      expect(writer.appendPose(pose, 0, new Uint8Array(LIMITS.poseBytes + 1), true)).toBe(false);
      expect(writer.appendVoice(voice, 0, new Uint8Array(LIMITS.voiceBytes + 1), 0, 0, false)).toBe(false);
      expect(writer.appendPose(pose, 0, new Uint8Array(0), true)).toBe(false);
      expect(writer.appendPose(voice, 0, new Uint8Array(1), true)).toBe(false);
      expect(writer.drops).toEqual({ tooLarge: 2, full: 0, invalid: 2 });
    });

    it('R-40: events against the rules are left out and counted', () => {
      const { writer } = makeRecording();
      expect(writer.appendEvent(0, { kind: 'chat', person: 'ana', text: 'x'.repeat(4001) })).toBe(false);
      expect(writer.appendEvent(0, joined('a person'))).toBe(false);
      expect(writer.appendEvent(0, { kind: 'danced' } as unknown as RecordedEvent)).toBe(false);
      expect(writer.drops.invalid).toBe(3);
      // The longest text in the fewest letters of JSON: each one is escaped.
      expect(writer.appendEvent(0, { kind: 'chat', person: 'ana', text: '\u0001'.repeat(4000) })).toBe(true);
    });

    it('R-4: screens leave room for poses and voices, and the next second is free again', () => {
      const made = makeRecording();
      const { writer } = made;
      const screen = writer.trackOf('screen', 'ana', 'e1');
      const pose = writer.trackOf('pose', 'ana', 'e1');
      const fragment = new Uint8Array(LIMITS.fragmentBytes);
      const place = { isFirst: true, isLast: true, isKeyframe: false };
      let taken = 0;
      while (writer.appendFragment(screen, 10, fragment, taken, 0, place)) taken += 1;
      expect(taken).toBe(Math.floor((LIMITS.screenBytes - 400) / (fragment.length + 10)));
      for (let k = 0; k < 400; k += 1) expect(writer.appendPose(pose, 20, new Uint8Array(2048), false)).toBe(true);
      let poses = 400;
      while (writer.appendPose(pose, 30, new Uint8Array(2048), false)) poses += 1;
      expect(writer.appendFragment(screen, 1000, fragment, taken, 0, place)).toBe(true);
      writer.end(1000);
      expect(made.segments[0]!.length).toBeLessThanOrEqual(LIMITS.segmentBytes);
      expect(made.segments[0]!.length).toBeGreaterThan(LIMITS.segmentBytes - 2200);
      expect(entriesOf(made.segments)).toHaveLength(taken + poses + 1);
      expect(writer.drops).toEqual({ tooLarge: 0, full: 2, invalid: 0 });
    });

    it('R-4: a segment has at most 16,384 records and 255 tracks', () => {
      const made = makeRecording();
      const { writer } = made;
      const packet = Uint8Array.of(1);
      for (let k = 0; k < 300; k += 1) writer.appendPose(writer.trackOf('pose', `p${k}`, 'e1'), 0, packet, true);
      expect(writer.drops.full).toBe(45);
      const track = writer.trackOf('pose', 'p0', 'e1');
      for (let k = 0; k < 17_000; k += 1) writer.appendPose(track, 0, packet, false);
      writer.end(0);
      const { records } = readRecords(openSegment(made.segments[0]!));
      expect(records).toHaveLength(LIMITS.records);
      expect(openSegment(made.segments[0]!).tracks.size).toBe(255);
    });

    it('R-45: the largest state there can be has room', () => {
      const { writer } = makeRecording();
      for (let k = 0; k < 40; k += 1) {
        const name = '\u0001'.repeat(1536);
        const avatar = '\u0001'.repeat(120);
        writer.appendEvent(0, { kind: 'joined', person: `person-${k}`.padEnd(64, 'x'), name, avatar, seat: 15 });
      }
      const made = makeRecording({ resume: { take: 1, number: 0, nextTrack: 1, state: writer.state } });
      made.writer.end(0);
      expect(writer.state.people).toHaveLength(32);
      expect(recordsOf(made.segments)[0]).toMatchObject({ type: 'state', state: { people: writer.state.people } });
    });
  });

  it('R-20: ids of people, of recordings and a recording with all its tracks are refused with a reason', () => {
    const reasonOf = (call: () => unknown) => {
      try {
        call();
      } catch (error) {
        return error instanceof RecordingError ? error.reason : error;
      }
    };
    const { writer } = makeRecording({ resume: { take: 1, number: 0, nextTrack: LIMITS.trackId, state: EMPTY_STATE } });
    expect(reasonOf(() => writer.trackOf('pose', '', 'e1'))).toBe('malformed');
    expect(reasonOf(() => writer.trackOf('pose', 'x'.repeat(65), 'e1'))).toBe('malformed');
    expect(reasonOf(() => writer.trackOf('pose', 'ana b', 'e1'))).toBe('malformed');
    expect(writer.trackOf('pose', 'ana', 'e1').id).toBe(LIMITS.trackId);
    expect(reasonOf(() => writer.trackOf('voice', 'ana', 'e1'))).toBe('tooManyTracks');
    expect(reasonOf(() => makeRecording({ recordingId: new Uint8Array(15) }))).toBe('malformed');
  });
});

describe('the state of a recording', () => {
  const after = (...events: RecordedEvent[]) => events.reduce(stateAfter, EMPTY_STATE);

  it('R-45: every event of a person leaves its mark, and leaving takes the person out', () => {
    const ana: RecordedEvent[] = [
      joined('ana', 3),
      { kind: 'name', person: 'ana', name: 'Ana B' },
      { kind: 'appearance', person: 'ana', avatar: 'noor' },
      { kind: 'seat', person: 'ana', seat: 5 },
      { kind: 'speaking', person: 'ana', isSpeaking: true },
      { kind: 'hand', person: 'ana', isRaised: true },
      { kind: 'screen', person: 'ana', track: 7 },
      { kind: 'consent', person: 'ana', isGiven: true },
    ];
    expect(after(...ana, { kind: 'chapter', title: 'Two' })).toEqual({
      ...EMPTY_STATE,
      chapter: 'Two',
      people: [
        {
          person: 'ana',
          name: 'Ana B',
          avatar: 'noor',
          seat: 5,
          isSpeaking: true,
          isHandRaised: true,
          screen: 7,
          hasConsented: true,
        },
      ],
    });
    expect(after(...ana, { kind: 'left', person: 'ana', reason: 'left' }).people).toEqual([]);
  });

  it('R-46: events of people who are not here change nothing', () => {
    expect(after({ kind: 'hand', person: 'ana', isRaised: true })).toEqual(EMPTY_STATE);
    expect(after({ kind: 'left', person: 'ana', reason: 'left' })).toEqual(EMPTY_STATE);
  });

  it('R-46: a person who is here and joins again keeps place and hand', () => {
    const state = after(
      joined('ana', 1),
      joined('ben', 2),
      { kind: 'hand', person: 'ana', isRaised: true },
      joined('ana', 4),
    );
    expect(state.people).toMatchObject([{ person: 'ana', seat: 4, isHandRaised: true }, { person: 'ben' }]);
  });
});
