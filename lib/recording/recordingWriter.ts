import { parseEvent, type RecordedEvent, type RecordedState } from './events';
import {
  IDLE_SEGMENTS_MAX,
  LIMITS,
  PERSON_ID,
  RECORDING_ID_BYTES,
  SEGMENT_MS,
  STATE_EVERY,
  type TrackKindName,
} from './format';
import { writeJson } from './json';
import { EMPTY_STATE, stateAfter } from './recordedState';
import { RecordingError } from './recordingError';
import { type FragmentPlace, SegmentWriter, WriterTrack, type WrittenSegment } from './segmentWriter';

/** A clock that has noted nothing for so long is not written again. */
const CLOCK_AGE_MAX_MS = 10_000;
const US_PER_MS = 1000;

/** Where a recording goes on after an interruption. */
export interface ResumePoint {
  /** The next take, and the least number of its first segment. */
  readonly take: number;
  readonly number: number;
  readonly nextTrack: number;
  readonly state: RecordedState;
}

/** What a writer needs. */
export interface RecordingWriterParts {
  /** 16 bytes. */
  readonly recordingId: Uint8Array;
  /** Unix ms at the recording's time 0. */
  readonly startedAtMs: number;
  /** Takes each segment once it is whole. Must not throw. */
  readonly onSegment: (segment: WrittenSegment) => void;
  /** Where an interrupted recording goes on; a new one without. */
  readonly resume?: ResumePoint;
}

/** Records that were left out: larger than they may be, no room left in their segment, or an event against the rules. */
export interface WriterDrops {
  readonly tooLarge: number;
  readonly full: number;
  readonly invalid: number;
}

/**
 * Writes a recording, segment by segment. Times are ms since the recording began; a record that comes after its second is over
 * counts as of the running one. Packets are copied; appending one allocates nothing in steady state. Every `append...` returns
 * whether the record is in: what is too large or has no room is left out and counted.
 */
export class RecordingWriter {
  private readonly segment = new SegmentWriter();
  private readonly tracks: WriterTrack[] = [];
  private readonly counts = { tooLarge: 0, full: 0, invalid: 0 };
  private number = -1;
  private take: number;
  private nextTrack: number;
  private known: RecordedState;
  private hasEnded = false;

  /** @throws RecordingError `malformed` for an id that is not 16 bytes long */
  constructor(private readonly parts: RecordingWriterParts) {
    if (parts.recordingId.length !== RECORDING_ID_BYTES) throw RecordingError.malformed('the id');
    const { resume } = parts;
    this.take = resume?.take ?? 0;
    this.nextTrack = resume?.nextTrack ?? 1;
    this.known = resume?.state ?? EMPTY_STATE;
  }

  get drops(): WriterDrops {
    return this.counts;
  }

  /** The state after all events so far. */
  get state(): RecordedState {
    return this.known;
  }

  /**
   * The track of what comes of one kind from one source of a person, a new one for a new source: an endpoint, or the SSRC of a voice or
   * screen, which have sequence numbers and clocks of their own. @throws RecordingError `tooManyTracks`, `malformed`
   */
  trackOf(kind: TrackKindName, personId: string, sourceId: string): WriterTrack {
    const isSame = (track: WriterTrack) =>
      track.kind === kind && track.personId === personId && track.sourceId === sourceId;
    const had = this.tracks.find(isSame);
    if (had) return had;
    if (!PERSON_ID.test(personId)) throw RecordingError.malformed('a person');
    if (this.nextTrack > LIMITS.trackId) throw RecordingError.tooManyTracks();
    const track = new WriterTrack(this.nextTrack, kind, personId, sourceId);
    this.nextTrack += 1;
    this.tracks.push(track);
    return track;
  }

  /** A pose packet as it came. `stampMs` is its time on the sender's clock, if known: that of a keyframe is in its header. */
  appendPose(track: WriterTrack, timeMs: number, packet: Uint8Array, isKeyframe: boolean, stampMs = -1): boolean {
    if (!this.takes(track, 'pose', packet.length, LIMITS.poseBytes)) return false;
    const atMs = this.placeAt(timeMs);
    if (!this.segment.appendPose(track, atMs, packet, isKeyframe)) return this.noteFull();
    if (stampMs >= 0) track.clock.note(stampMs, this.number * SEGMENT_MS + atMs);
    return true;
  }

  /** An Opus packet as it came; of redundant audio (RFC 2198) its newest. */
  appendVoice(
    track: WriterTrack,
    timeMs: number,
    packet: Uint8Array,
    sequence: number,
    timestamp: number,
    hasMarker: boolean,
  ): boolean {
    if (!this.takes(track, 'voice', packet.length, LIMITS.voiceBytes)) return false;
    const atMs = this.placeAt(timeMs);
    if (!this.segment.appendVoice(track, atMs, packet, sequence, timestamp, hasMarker)) return this.noteFull();
    track.clock.note(timestamp, this.number * SEGMENT_MS + atMs);
    return true;
  }

  /** A part of a VP8 frame without the descriptor of RTP (RFC 7741), or a whole frame. */
  appendFragment(
    track: WriterTrack,
    timeMs: number,
    fragment: Uint8Array,
    sequence: number,
    timestamp: number,
    place: FragmentPlace,
  ): boolean {
    if (!this.takes(track, 'screen', fragment.length, LIMITS.fragmentBytes)) return false;
    const atMs = this.placeAt(timeMs);
    if (!this.segment.appendFragment(track, atMs, fragment, sequence, timestamp, place)) return this.noteFull();
    if (place.isFirst) track.clock.note(timestamp, this.number * SEGMENT_MS + atMs);
    return true;
  }

  /** Something that happened; it counts for {@link state}. */
  appendEvent(timeMs: number, event: RecordedEvent): boolean {
    if (this.hasEnded) return false;
    const valid = parseEvent(event);
    const json = writeJson(valid);
    if (typeof valid === 'string' || json.length > LIMITS.eventBytes) {
      this.counts.invalid += 1;
      return false;
    }
    const atMs = this.placeAt(timeMs);
    if (!this.segment.appendEvent(atMs, json)) return this.noteFull();
    this.known = stateAfter(this.known, valid);
    return true;
  }

  /** Ends the segments that are over at `timeMs`. To be called at least once a second, when nothing of an earlier time is to come. */
  advance(timeMs: number): void {
    if (!this.hasEnded) this.placeAt(timeMs);
  }

  /** Ends the recording at `timeMs`: the running segment is its last. Whatever is appended later is left out. */
  end(timeMs: number): void {
    if (this.hasEnded) return;
    this.placeAt(timeMs);
    this.hasEnded = true;
    this.parts.onSegment(this.segment.finish(this.nextTrack, true));
  }

  private takes(track: WriterTrack, kind: TrackKindName, sizeBytes: number, maxBytes: number): boolean {
    if (this.hasEnded) return false;
    const isValid = track.kind === kind && sizeBytes > 0;
    if (!isValid) this.counts.invalid += 1;
    else if (sizeBytes > maxBytes) this.counts.tooLarge += 1;
    return isValid && sizeBytes <= maxBytes;
  }

  private noteFull(): false {
    this.counts.full += 1;
    return false;
  }

  /** Goes on to the segment of `givenMs`. Returns the place in it, not before that of the last record. */
  private placeAt(givenMs: number): number {
    // Also for what is no number.
    const timeMs = givenMs <= LIMITS.timeMs ? givenMs : this.number * SEGMENT_MS;
    const number = Math.floor(timeMs / SEGMENT_MS);
    if (this.number < 0) {
      const first = Math.max(0, number, this.parts.resume?.number ?? 0);
      this.beginTake(first, this.take === 0 ? 'started' : 'resumed');
    }
    if (number - this.number > IDLE_SEGMENTS_MAX) this.beginNextTake(number);
    while (number > this.number) {
      this.parts.onSegment(this.segment.finish(this.nextTrack, false));
      this.begin(this.number + 1, false);
    }
    const atMs = Math.floor(timeMs) - this.number * SEGMENT_MS;
    return Math.max(atMs, this.segment.timeMs);
  }

  private beginNextTake(number: number): void {
    this.parts.onSegment(this.segment.finish(this.nextTrack, false));
    this.take += 1;
    this.beginTake(number, 'idle');
  }

  private beginTake(number: number, reason: 'started' | 'resumed' | 'idle'): void {
    this.begin(number, true);
    const event: RecordedEvent = { kind: 'takeBegan', reason };
    this.segment.appendEvent(0, writeJson(event));
    this.known = stateAfter(this.known, event);
  }

  private begin(number: number, beginsTake: boolean): void {
    const { recordingId, startedAtMs } = this.parts;
    const wallMs = Math.max(0, Math.round(startedAtMs)) + number * SEGMENT_MS;
    this.number = number;
    this.segment.begin({ number, take: this.take, beginsTake, recordingId, wallMs });
    if (!beginsTake && number % STATE_EVERY !== 0) return;
    this.segment.appendState(writeJson(this.known));
    this.appendClocks(number * SEGMENT_MS);
  }

  private appendClocks(startMs: number): void {
    for (const track of this.tracks) {
      const { clock } = track;
      if (startMs - clock.lastArrivalMs > CLOCK_AGE_MAX_MS) continue;
      const arrivalMs = clock.recordingMsOf(clock.lastStamp) - startMs;
      this.segment.appendClock(track, clock.lastStamp, Math.round(arrivalMs * US_PER_MS));
    }
  }
}
