import { ByteWriter, varintBytes } from './byteWriter';
import { crc32c } from './crc32c';
import {
  HEADER,
  LIMITS,
  PoseFlag,
  RecordType,
  ScreenFlag,
  SEGMENT_END,
  SEGMENT_MAGIC,
  TRAILER_BYTES,
  TrackKind,
  type TrackKindName,
  VERSION,
  VOICE_STEP_TICKS,
  VoiceFlag,
} from './format';
import { keyframeBits, type SegmentSummary } from './recordingIndex';
import { TrackClock } from './trackClock';

const INITIAL_BYTES = 64 * 1024;
const NUMBERS = 2 ** 32;
const NO_SEGMENT = -1;
/** Bytes of sequence number and timestamp. */
const SEQUENCE_BYTES = 2;
const STAMP_BYTES = 4;

/** A track as its writer knows it. */
export class WriterTrack {
  /** The last segment it has a record in. */
  segment = NO_SEGMENT;
  hasKeyframe = false;
  sequence = 0;
  /** The last segment it has a sequence number in. */
  numberedIn = NO_SEGMENT;
  /** That of its last voice packet; an array, as it may be too large to be held without an object. */
  readonly timestamp = new Uint32Array(1);
  readonly clock: TrackClock;
  /** The person's id as the table has it. */
  readonly person: Uint8Array;
  /** Bytes of its entry in the table. */
  readonly rowBytes: number;

  constructor(
    readonly id: number,
    readonly kind: TrackKindName,
    readonly personId: string,
    readonly sourceId: string,
  ) {
    this.clock = new TrackClock(kind);
    this.person = new TextEncoder().encode(personId);
    this.rowBytes = varintBytes(id) + 3 + this.person.length;
  }
}

/** What a fragment of a shared screen is. */
export interface FragmentPlace {
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** Whether its frame is a keyframe. */
  readonly isKeyframe: boolean;
}

/** What the header of a segment says. */
export interface SegmentStart {
  readonly number: number;
  readonly take: number;
  readonly beginsTake: boolean;
  readonly recordingId: Uint8Array;
  /** Unix ms at its start. */
  readonly wallMs: number;
}

/** A segment as it is handed on. */
export interface WrittenSegment extends SegmentSummary {
  readonly isLast: boolean;
  /** Belongs to the writer and is valid during the call only. */
  readonly bytes: Uint8Array;
}

/** Writes one segment after the other into the same buffer. Records in steady state allocate nothing. */
export class SegmentWriter {
  private readonly out = new ByteWriter(INITIAL_BYTES, LIMITS.segmentBytes);
  private readonly present: WriterTrack[] = [];
  private number = NO_SEGMENT;
  private beginsTake = false;
  private hasState = false;
  private lastMs = 0;
  private records = 0;
  private tableBytes = 0;

  /** The time of the last record, ms in the segment. */
  get timeMs(): number {
    return this.lastMs;
  }

  begin({ number, take, beginsTake, recordingId, wallMs }: SegmentStart): void {
    const { out } = this;
    this.number = number;
    this.beginsTake = beginsTake;
    this.hasState = false;
    this.lastMs = 0;
    this.records = 0;
    this.tableBytes = varintBytes(LIMITS.tracks);
    this.present.length = 0;
    out.clear();
    out.u32(SEGMENT_MAGIC);
    out.u8(VERSION);
    out.u8(0);
    out.u16(take);
    out.bytes(recordingId);
    out.u32(number);
    out.u32(0);
    out.u32(wallMs % NUMBERS);
    out.u32(Math.floor(wallMs / NUMBERS));
    out.u32(0);
  }

  /** Each `append...` returns false if the record has no room. `timeMs` is in the segment and not before the last record. */
  appendPose(track: WriterTrack, timeMs: number, packet: Uint8Array, isKeyframe: boolean): boolean {
    const flags = isKeyframe ? PoseFlag.keyframe : 0;
    if (!this.head(RecordType.pose, flags, track, timeMs, packet.length)) return false;
    this.out.bytes(packet);
    track.hasKeyframe ||= isKeyframe;
    return true;
  }

  appendVoice(
    track: WriterTrack,
    timeMs: number,
    packet: Uint8Array,
    sequence: number,
    timestamp: number,
    hasMarker: boolean,
  ): boolean {
    const isExpected = this.follows(track, sequence) && timestamp - track.timestamp[0]! === VOICE_STEP_TICKS;
    const flags = (hasMarker ? VoiceFlag.marker : 0) | (isExpected ? 0 : VoiceFlag.explicit);
    const stampBytes = isExpected ? 0 : SEQUENCE_BYTES + STAMP_BYTES;
    if (!this.head(RecordType.voice, flags, track, timeMs, stampBytes + packet.length)) return false;
    if (!isExpected) {
      this.out.u16(sequence);
      this.out.u32(timestamp);
    }
    this.out.bytes(packet);
    this.noteSequence(track, sequence);
    track.timestamp[0] = timestamp;
    return true;
  }

  appendFragment(
    track: WriterTrack,
    timeMs: number,
    fragment: Uint8Array,
    sequence: number,
    timestamp: number,
    { isFirst, isLast, isKeyframe }: FragmentPlace,
  ): boolean {
    const isExpected = this.follows(track, sequence);
    const flags =
      (isFirst ? ScreenFlag.first : 0) |
      (isLast ? ScreenFlag.last : 0) |
      (isKeyframe ? ScreenFlag.keyframe : 0) |
      (isExpected ? 0 : ScreenFlag.explicit);
    const ownBytes = (isExpected ? 0 : SEQUENCE_BYTES) + (isFirst ? STAMP_BYTES : 0);
    if (this.out.sizeBytes + ownBytes + fragment.length > LIMITS.screenBytes) return false;
    if (!this.head(RecordType.screen, flags, track, timeMs, ownBytes + fragment.length)) return false;
    if (!isExpected) this.out.u16(sequence);
    if (isFirst) this.out.u32(timestamp);
    this.out.bytes(fragment);
    this.noteSequence(track, sequence);
    track.hasKeyframe ||= isFirst && isKeyframe;
    return true;
  }

  /** The JSON of an event. */
  appendEvent(timeMs: number, json: Uint8Array): boolean {
    return this.appendJson(RecordType.event, timeMs, json);
  }

  /** The JSON of the state at the segment's start. */
  appendState(json: Uint8Array): boolean {
    this.hasState = this.appendJson(RecordType.state, 0, json);
    return this.hasState;
  }

  /** What is known of the clock of `track`; `arrivalUs` is relative to the segment's start. */
  appendClock(track: WriterTrack, stamp: number, arrivalUs: number): boolean {
    if (!this.head(RecordType.clock, 0, track, 0, 2 * STAMP_BYTES)) return false;
    this.out.u32(stamp);
    this.out.i32(arrivalUs);
    return true;
  }

  /** Ends the segment. `nextTrack` is the least id that no track has had. */
  finish(nextTrack: number, isLast: boolean): WrittenSegment {
    const { out, hasState, number } = this;
    const tableAt = out.sizeBytes;
    this.writeTable();
    const sizeBytes = out.sizeBytes + TRAILER_BYTES;
    out.u8At(HEADER.flags, (this.beginsTake ? 1 : 0) | (hasState ? 2 : 0) | (isLast ? 4 : 0));
    out.u32At(HEADER.sizeBytes, sizeBytes);
    out.u32At(HEADER.nextTrack, nextTrack);
    out.u32(tableAt);
    out.u32(sizeBytes);
    out.u32(crc32c(out.written));
    out.u32(SEGMENT_END);
    return { number, sizeBytes, hasState, ...keyframeBits(this.present), isLast, bytes: out.written };
  }

  private writeTable(): void {
    const { out, present } = this;
    present.sort((a, b) => a.id - b.id);
    out.varint(present.length);
    for (const { id, kind, hasKeyframe, person } of present) {
      out.varint(id);
      out.u8(TrackKind[kind]);
      out.u8(hasKeyframe ? 1 : 0);
      out.u8(person.length);
      out.bytes(person);
    }
  }

  private appendJson(type: number, timeMs: number, json: Uint8Array): boolean {
    if (!this.head(type, 0, null, timeMs, json.length)) return false;
    this.out.bytes(json);
    return true;
  }

  private noteSequence(track: WriterTrack, sequence: number): void {
    track.sequence = sequence;
    track.numberedIn = this.number;
  }

  /** Whether the last packet of `track` is in this segment and had the sequence number before. */
  private follows(track: WriterTrack, sequence: number): boolean {
    return track.numberedIn === this.number && sequence === ((track.sequence + 1) & 0xffff);
  }

  private head(type: number, flags: number, track: WriterTrack | null, timeMs: number, length: number): boolean {
    const { out } = this;
    const id = track === null ? 0 : track.id;
    const afterMs = timeMs - this.lastMs;
    const isNew = track !== null && track.segment !== this.number;
    const rowBytes = isNew ? track.rowBytes : 0;
    const ownBytes = 1 + varintBytes(id) + varintBytes(afterMs) + varintBytes(length) + length;
    if (this.records === LIMITS.records || (isNew && this.present.length === LIMITS.tracks)) return false;
    if (!out.reserve(ownBytes + this.tableBytes + rowBytes + TRAILER_BYTES)) return false;
    if (isNew) this.addPresent(track);
    out.u8(type | (flags << 4));
    out.varint(id);
    out.varint(afterMs);
    out.varint(length);
    this.lastMs = timeMs;
    this.records += 1;
    return true;
  }

  private addPresent(track: WriterTrack): void {
    track.segment = this.number;
    track.hasKeyframe = false;
    this.tableBytes += track.rowBytes;
    this.present.push(track);
  }
}
