import type { ByteSource } from './byteSource';
import type { RecordedEvent, RecordedState } from './events';
import { SEGMENT_MS } from './format';
import { EMPTY_STATE, stateAfterRecords } from './recordedState';
import { RecordingError } from './recordingError';
import { type IndexRow, startMsOf } from './recordingIndex';
import { scanRecording } from './scan';
import { ScreenFrames } from './screenFrames';
import { type OpenSegment, readRecords, type SegmentRecord } from './segmentReader';

/** A stretch of the recording's time, ms. */
interface TimeRange {
  readonly fromMs: number;
  readonly toMs: number;
}

/** What a recording has of a person. */
export interface RecordedPerson extends TimeRange {
  readonly id: string;
  /** Name and avatar as they were last; '' if they were never said. */
  readonly name: string;
  readonly avatar: string;
  /** Pose packets. */
  readonly poses: number;
  readonly voicePackets: number;
  /** When they spoke. */
  readonly speaking: readonly TimeRange[];
}

/** A screen that was shared. */
interface RecordedScreen extends TimeRange {
  readonly personId: string;
  readonly track: number;
  /** Whole frames that can be shown. */
  readonly frames: number;
}

interface RecordedMessage {
  readonly timeMs: number;
  readonly personId: string;
  /** The name of that time. */
  readonly name: string;
  readonly text: string;
}

interface Chapter {
  readonly timeMs: number;
  readonly title: string;
}

/** A recording at a glance. */
export interface RecordingTimeline extends TimeRange {
  readonly meetingId: string;
  readonly title: string;
  /** Unix ms at its time 0. */
  readonly startedAtMs: number;
  readonly segments: number;
  readonly sizeBytes: number;
  readonly takes: number;
  readonly people: readonly RecordedPerson[];
  readonly screens: readonly RecordedScreen[];
  readonly messages: readonly RecordedMessage[];
  readonly chapters: readonly Chapter[];
  /** All events, those of the recorder included. */
  readonly events: number;
  /** Records that were skipped: of a later Parley, or against the rules. */
  readonly skipped: number;
  /** Whether it was ended, and nothing is missing or damaged. */
  readonly isComplete: boolean;
}

type Mutable<Part> = { -readonly [Key in keyof Part]: Part[Key] };
type Person = Omit<Mutable<RecordedPerson>, 'speaking'> & { speaking: TimeRange[]; speaksSinceMs: number | null };
type Screen = Mutable<RecordedScreen> & { readonly joined: ScreenFrames };

/** Makes a time line of segments, given one after the other. */
export class TimelineBuilder {
  private readonly people = new Map<string, Person>();
  private readonly screens = new Map<number, Screen>();
  private readonly messages: RecordedMessage[] = [];
  private readonly chapters: Chapter[] = [];
  private state: RecordedState = EMPTY_STATE;
  private first: OpenSegment | null = null;
  private last: Pick<OpenSegment, 'number' | 'take' | 'isLast'> | null = null;
  private takes = 0;
  private segments = 0;
  private sizeBytes = 0;
  private events = 0;
  private skipped = 0;
  private lastMs = 0;
  private isGapless = true;

  /** Takes the next segment. @throws RecordingError if its records contradict the format: it counts without them */
  add(segment: OpenSegment): void {
    this.first ??= segment;
    this.follow(segment);
    this.segments += 1;
    this.sizeBytes += segment.sizeBytes;
    const { records, unknown, invalid } = readRecords(segment);
    this.skipped += unknown + invalid;
    for (const record of records) this.take(record);
  }

  /** The time line so far. `isWhole`: whether nothing was found to be damaged. */
  build(isWhole: boolean): RecordingTimeline {
    const { first, last, state } = this;
    const startMs = first ? startMsOf(first) : 0;
    const endMs = last?.isLast ? this.lastMs : last ? startMsOf(last) + SEGMENT_MS : 0;
    return {
      meetingId: state.meetingId,
      title: state.title,
      startedAtMs: first ? first.wallMs - startMs : 0,
      fromMs: startMs,
      toMs: endMs,
      segments: this.segments,
      sizeBytes: this.sizeBytes,
      takes: this.takes,
      people: [...this.people.values()].map((person) => finished(person, endMs)),
      screens: [...this.screens.values()].map(({ joined: _, ...screen }) => screen),
      messages: this.messages,
      chapters: this.chapters,
      events: this.events,
      skipped: this.skipped,
      isComplete: isWhole && this.isGapless && last?.isLast === true,
    };
  }

  /** Within a take no number is left out; the first segment of a recording begins a take. */
  private follow({ number, take, beginsTake, isLast }: OpenSegment): void {
    const { last } = this;
    const isExpected = last?.take === take ? number === last.number + 1 : beginsTake;
    this.isGapless &&= isExpected;
    if (last?.take !== take) this.takes += 1;
    this.last = { number, take, isLast };
  }

  private take(record: SegmentRecord): void {
    const { timeMs } = record;
    this.lastMs = timeMs;
    if (record.type === 'state') this.takeState(record.state, timeMs);
    else if (record.type === 'event') this.takeEvent(record.event, timeMs);
    this.state = stateAfterRecords(this.state, [record]);
    if (record.type === 'pose') this.personAt(record.track.personId, timeMs).poses += 1;
    else if (record.type === 'voice') this.personAt(record.track.personId, timeMs).voicePackets += 1;
    else if (record.type === 'screen') {
      this.personAt(record.track.personId, timeMs);
      const screen = this.screenAt(record.track.id, record.track.personId, timeMs);
      if (screen.joined.take(record)) screen.frames += 1;
    }
  }

  /** A recording whose beginning is missing says only so who is there. */
  private takeState(state: RecordedState, timeMs: number): void {
    for (const { person, name, avatar, isSpeaking } of state.people) {
      if (this.people.has(person)) continue;
      Object.assign(this.personAt(person, timeMs), { name, avatar, speaksSinceMs: isSpeaking ? timeMs : null });
    }
  }

  private takeEvent(event: RecordedEvent, timeMs: number): void {
    this.events += 1;
    switch (event.kind) {
      case 'joined':
        Object.assign(this.personAt(event.person, timeMs), { name: event.name, avatar: event.avatar });
        return;
      case 'name':
        this.personAt(event.person, timeMs).name = event.name;
        return;
      case 'appearance':
        this.personAt(event.person, timeMs).avatar = event.avatar;
        return;
      case 'speaking':
        hearing(this.personAt(event.person, timeMs), event.isSpeaking, timeMs);
        return;
      case 'left':
        hearing(this.personAt(event.person, timeMs), false, timeMs);
        return;
      case 'takeBegan':
        if (event.reason === 'resumed') for (const person of this.people.values()) hearing(person, false, person.toMs);
        return;
      case 'chat': {
        const { name } = this.personAt(event.person, timeMs);
        this.messages.push({ timeMs, personId: event.person, name, text: event.text });
        return;
      }
      case 'chapter':
        this.chapters.push({ timeMs, title: event.title });
    }
  }

  private personAt(id: string, timeMs: number): Person {
    const known = this.people.get(id);
    if (known) {
      known.toMs = timeMs;
      return known;
    }
    const blank = { name: '', avatar: '', poses: 0, voicePackets: 0, speaking: [], speaksSinceMs: null };
    const person: Person = { id, fromMs: timeMs, toMs: timeMs, ...blank };
    this.people.set(id, person);
    return person;
  }

  private screenAt(track: number, personId: string, timeMs: number): Screen {
    const screen = this.screens.get(track) ?? {
      personId,
      track,
      fromMs: timeMs,
      toMs: timeMs,
      frames: 0,
      joined: new ScreenFrames(),
    };
    screen.toMs = timeMs;
    this.screens.set(track, screen);
    return screen;
  }
}

/** Notes that a person speaks, or does not. */
function hearing(person: Person, isSpeaking: boolean, timeMs: number): void {
  const { speaksSinceMs } = person;
  if (isSpeaking) person.speaksSinceMs ??= timeMs;
  else if (speaksSinceMs !== null) {
    person.speaking.push({ fromMs: speaksSinceMs, toMs: timeMs });
    person.speaksSinceMs = null;
  }
}

function finished({ speaksSinceMs, ...person }: Person, endMs: number): RecordedPerson {
  if (speaksSinceMs === null) return person;
  return { ...person, speaking: [...person.speaking, { fromMs: speaksSinceMs, toMs: Math.max(speaksSinceMs, endMs) }] };
}

/** A recording read as a whole. */
export interface ReadTimeline {
  readonly timeline: RecordingTimeline;
  readonly rows: readonly IndexRow[];
  readonly recordingId: Uint8Array;
  /** Bytes that belong to no segment that can be read. */
  readonly damagedBytes: number;
}

/** Reads a whole recording and makes its time line, past damage. @throws RecordingError if it has no whole segment */
export async function readTimeline(source: ByteSource): Promise<ReadTimeline> {
  const builder = new TimelineBuilder();
  let damagedBytes = source.sizeBytes;
  const { rows, recordingId } = await scanRecording(source, {
    onSegment: (segment) => {
      try {
        builder.add(segment);
        damagedBytes -= segment.sizeBytes;
      } catch (error) {
        if (!(error instanceof RecordingError)) throw error;
      }
    },
  });
  return { timeline: builder.build(damagedBytes === 0), rows, recordingId, damagedBytes };
}
