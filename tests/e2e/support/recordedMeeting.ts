import { isKeyframe, timeOf } from '@/lib/codec/packetHeader';
import { RangePoseEncoder } from '@/lib/codec/rangePoseEncoder';
import { createIdleSource } from '@/lib/motion/idleSource';
import { createPose } from '@/lib/pose/pose';
import { type MadeRecording, makeRecording } from '@/tests/lib/recording/recordingWorld';

interface RecordedPerson {
  readonly id: string;
  readonly name: string;
  readonly avatar: string;
}

/** A meeting to be recorded. */
interface MeetingScript {
  readonly people: readonly RecordedPerson[];
  readonly durationMs: number;
  /** Who speaks when, by place in `people`. */
  readonly speaking: ReadonlyArray<{ readonly person: number; readonly fromMs: number; readonly toMs: number }>;
  readonly chapters?: ReadonlyArray<{ readonly timeMs: number; readonly title: string }>;
  /** Opus packets of 20 ms that all who speak say, over and over. */
  readonly voice?: readonly Uint8Array[];
  /** VP8 frames that the first of the people shares, one every {@link SCREEN_MS}, from a time on. */
  readonly screen?: { readonly fromMs: number; readonly frames: readonly Uint8Array[] };
}

const SEND_MS = 50;
const VOICE_MS = 20;
const SCREEN_MS = 200;
/** Poses and voices take so long to the recorder. */
const TRANSIT_MS = 20;
const VOICE_TICKS = 960;

type Timed = readonly [timeMs: number, write: () => void];

function* eventsOf({ writer }: MadeRecording, { people, speaking, chapters = [] }: MeetingScript): Generator<Timed> {
  const start = { by: people[0]!.id, meetingId: 'm', title: 'Harbour plans' };
  yield [0, () => writer.appendEvent(0, { kind: 'recordingStarted', consent: 'notice', ...start })];
  for (const [seat, { id: person, name, avatar }] of people.entries()) {
    yield [0, () => writer.appendEvent(0, { kind: 'joined', person, name, avatar, seat })];
  }
  for (const { person: k, fromMs, toMs } of speaking) {
    const person = people[k]!.id;
    yield [fromMs, () => writer.appendEvent(fromMs, { kind: 'speaking', person, isSpeaking: true })];
    yield [toMs, () => writer.appendEvent(toMs, { kind: 'speaking', person, isSpeaking: false })];
  }
  for (const { timeMs, title } of chapters)
    yield [timeMs, () => writer.appendEvent(timeMs, { kind: 'chapter', title })];
}

function* posesOf({ writer }: MadeRecording, person: string, k: number, durationMs: number): Generator<Timed> {
  const encoder = new RangePoseEncoder();
  encoder.compression = 3;
  encoder.framesPerPacket = 1;
  const source = createIdleSource(k + 1);
  const pose = createPose();
  const track = writer.trackOf('pose', person, 'e1');
  for (let sentMs = 0; sentMs + TRANSIT_MS < durationMs; sentMs += SEND_MS) {
    const timeMs = sentMs + TRANSIT_MS;
    yield [
      timeMs,
      () => {
        const size = encoder.encode(source.sample(sentMs, pose), sentMs);
        const packet = encoder.packet.slice(0, size);
        const key = size > 0 && isKeyframe(packet);
        if (size > 0) writer.appendPose(track, timeMs, packet, key, key ? timeOf(packet) : -1);
      },
    ];
  }
}

function* voicesOf({ writer }: MadeRecording, { people, speaking, voice }: MeetingScript): Generator<Timed> {
  if (!voice || voice.length === 0) return;
  for (const { person: k, fromMs, toMs } of speaking) {
    const track = writer.trackOf('voice', people[k]!.id, 'ssrc');
    for (let sentMs = fromMs; sentMs < toMs; sentMs += VOICE_MS) {
      const step = Math.round(sentMs / VOICE_MS);
      const timeMs = sentMs + TRANSIT_MS;
      const packet = voice[step % voice.length]!;
      yield [
        timeMs,
        () => writer.appendVoice(track, timeMs, packet, step & 0xffff, step * VOICE_TICKS, sentMs === fromMs),
      ];
    }
  }
}

function* screenOf({ writer }: MadeRecording, { people, screen }: MeetingScript): Generator<Timed> {
  if (!screen) return;
  const { fromMs, frames } = screen;
  const person = people[0]!.id;
  const track = writer.trackOf('screen', person, 'screen');
  yield [fromMs, () => writer.appendEvent(fromMs, { kind: 'screen', person, track: track.id })];
  for (const [k, bytes] of frames.entries()) {
    const timeMs = fromMs + k * SCREEN_MS;
    const flags = { isFirst: true, isLast: true, isKeyframe: k === 0 };
    yield [timeMs, () => writer.appendFragment(track, timeMs, bytes, k, timeMs * 90, flags)];
  }
  const toMs = fromMs + frames.length * SCREEN_MS;
  yield [toMs, () => writer.appendEvent(toMs, { kind: 'screen', person, track: null })];
}

/** Records people who move by themselves, and say what they are given. */
function recordMeeting(script: MeetingScript): MadeRecording {
  const made = makeRecording();
  const { people, durationMs } = script;
  const all = [
    ...eventsOf(made, script),
    ...people.flatMap(({ id }, k) => [...posesOf(made, id, k, durationMs)]),
    ...voicesOf(made, script),
    ...screenOf(made, script),
  ];
  for (const [, write] of all.sort(([a], [b]) => a - b)) write();
  made.writer.end(durationMs);
  return made;
}

/** Three people who take turns for `durationMs`. */
export function threePeople(
  durationMs: number,
  { voice, screen }: Pick<MeetingScript, 'voice' | 'screen'> = {},
): MadeRecording {
  const turnMs = 4000;
  const turns = Array.from({ length: Math.floor(durationMs / turnMs) }, (_, k) => ({
    person: k % 3,
    fromMs: k * turnMs + 500,
    toMs: (k + 1) * turnMs - 300,
  }));
  return recordMeeting({
    people: [
      { id: 'p-maya', name: 'Maya', avatar: 'ada' },
      { id: 'p-jonas', name: 'Jonas', avatar: 'bo' },
      { id: 'p-lin', name: 'Lin Wei', avatar: 'emi' },
    ],
    durationMs,
    speaking: turns,
    chapters: [
      { timeMs: 0, title: 'Welcome' },
      { timeMs: Math.floor(durationMs / 2), title: 'The new quay' },
    ],
    voice,
    screen,
  });
}
