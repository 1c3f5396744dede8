import type { RecordedEvent } from '@/lib/recording/events';
import type { IndexRow } from '@/lib/recording/recordingIndex';
import { RecordingWriter } from '@/lib/recording/recordingWriter';

type Random = () => number;

const PEOPLE = ['ana', 'ben', 'a-person-with-a-longer-id', 'd'];
const SEGMENTS_MAX = 9;
const STEP_MAX_MS = 60;
/** Share of steps that last seconds, so that segments stay empty or another take begins. */
const PAUSE_SHARE = 0.01;
const PAUSE_MAX_MS = 14_000;
const PACKET_MAX_BYTES = 80;

/** A recording as it was written. */
export interface RecordingTape {
  readonly recordingId: Uint8Array;
  readonly segments: readonly Uint8Array[];
  readonly rows: readonly IndexRow[];
}

function anyEvent(person: string, random: Random): RecordedEvent {
  const isOn = random() < 0.5;
  const events: readonly RecordedEvent[] = [
    { kind: 'joined', person, name: person.toUpperCase(), avatar: 'ada', seat: isOn ? 3 : null },
    { kind: 'left', person, reason: 'left' },
    { kind: 'speaking', person, isSpeaking: isOn },
    { kind: 'hand', person, isRaised: isOn },
    { kind: 'chat', person, text: '👋 "\\'.repeat(Math.floor(random() * 5)) },
    { kind: 'screen', person, track: isOn ? 3 : null },
    { kind: 'chapter', title: 'Next' },
  ];
  return events[Math.floor(random() * events.length)]!;
}

/** Writes packets, fragments and events of a few people at random. */
class TapeWriter {
  private readonly below = (count: number) => Math.floor(this.random() * count);

  constructor(
    private readonly writer: RecordingWriter,
    private readonly random: Random,
  ) {}

  /** One step; returns how long it takes. */
  step(timeMs: number): number {
    const { writer, random, below } = this;
    const person = PEOPLE[below(PEOPLE.length)]!;
    const bytes = Uint8Array.from({ length: 1 + below(PACKET_MAX_BYTES) }, () => below(256));
    const kind = random();
    if (kind < 0.4) writer.appendPose(writer.trackOf('pose', person, 'e1'), timeMs, bytes, random() < 0.1, timeMs);
    else if (kind < 0.75) this.speak(person, timeMs, bytes);
    else if (kind < 0.85) this.share(person, timeMs, bytes);
    else writer.appendEvent(timeMs, anyEvent(person, random));
    return random() < PAUSE_SHARE ? below(PAUSE_MAX_MS) : below(STEP_MAX_MS);
  }

  private speak(person: string, timeMs: number, bytes: Uint8Array): void {
    const track = this.writer.trackOf('voice', person, 'e1');
    const isNext = this.random() < 0.8;
    const sequence = isNext ? (track.sequence + 1) & 0xffff : this.below(0x10000);
    const timestamp = isNext ? (track.timestamp[0]! + 960) % 2 ** 32 : this.below(2 ** 32);
    this.writer.appendVoice(track, timeMs, bytes, sequence, timestamp, this.random() < 0.1);
  }

  private share(person: string, timeMs: number, bytes: Uint8Array): void {
    const track = this.writer.trackOf('screen', person, 'e1');
    const place = { isFirst: this.random() < 0.5, isLast: this.random() < 0.5, isKeyframe: this.random() < 0.3 };
    this.writer.appendFragment(track, timeMs, bytes, (track.sequence + 1) & 0xffff, timeMs * 90, place);
  }
}

/** A short recording that is the same for the same `random`. */
export function recordRecording(random: Random): RecordingTape {
  const recordingId = Uint8Array.from({ length: 16 }, () => Math.floor(random() * 256));
  const segments: Uint8Array[] = [];
  const rows: IndexRow[] = [];
  let atByte = 0;
  const writer = new RecordingWriter({
    recordingId,
    startedAtMs: 1_767_323_045_678,
    onSegment: ({ bytes, isLast: _, ...summary }) => {
      segments.push(bytes.slice());
      rows.push({ ...summary, atByte });
      atByte += bytes.length;
    },
  });
  const tape = new TapeWriter(writer, random);
  const count = 1 + Math.floor(random() * SEGMENTS_MAX);
  let timeMs = 0;
  while (segments.length < count) timeMs += tape.step(timeMs);
  writer.end(timeMs);
  return { recordingId, segments, rows };
}
