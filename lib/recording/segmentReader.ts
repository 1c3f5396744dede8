import { ByteReader } from './byteReader';
import { crc32c } from './crc32c';
import { type RecordedEvent, type RecordedState, readEvent, readState } from './events';
import {
  HEADER,
  HEADER_BYTES,
  LIMITS,
  PERSON_ID,
  PoseFlag,
  RECORDING_ID_BYTES,
  RecordType,
  ScreenFlag,
  SEGMENT_END,
  SEGMENT_MAGIC,
  SEGMENT_MIN_BYTES,
  SEGMENT_MS,
  SegmentFlag,
  TRAILER_BYTES,
  TrackKind,
  type TrackKindName,
  VERSION,
  VOICE_STEP_TICKS,
  VoiceFlag,
} from './format';
import { RecordingError } from './recordingError';

const NUMBERS = 2 ** 32;
/** Unix ms beyond this lose precision. */
const WALL_HIGH_MAX = 2 ** 21;
const TYPE_MASK = 0x0f;
const FLAGS_SHIFT = 4;
const ascii = new TextDecoder('utf-8', { ignoreBOM: true });

/** What the header of a segment says. */
export interface SegmentHeader {
  readonly recordingId: Uint8Array;
  readonly number: number;
  readonly take: number;
  readonly beginsTake: boolean;
  readonly hasState: boolean;
  /** Whether the recording was ended with this segment. */
  readonly isLast: boolean;
  /** Of the whole segment. */
  readonly sizeBytes: number;
  /** Unix ms at its start. */
  readonly wallMs: number;
  readonly nextTrack: number;
}

/** A track that has records in a segment. */
export interface SegmentTrack {
  readonly id: number;
  readonly kind: TrackKindName;
  readonly personId: string;
  readonly hasKeyframe: boolean;
}

/** A segment whose length, checksum and tables are right; its records are still to be read. */
export interface OpenSegment extends SegmentHeader {
  /** By id; tracks of unknown kinds are left out. */
  readonly tracks: ReadonlyMap<number, SegmentTrack>;
  /** The segment itself, as it was given. */
  readonly bytes: Uint8Array;
  /** Where the table begins and the records end. */
  readonly tableAt: number;
}

interface RecordOf<Type extends string> {
  readonly type: Type;
  /** ms of the recording's time. */
  readonly timeMs: number;
}

interface MediaRecord<Type extends TrackKindName> extends RecordOf<Type> {
  readonly track: SegmentTrack;
  /** The packet, or the fragment of a frame: a view of the segment. */
  readonly bytes: Uint8Array;
}

export interface PoseRecord extends MediaRecord<'pose'> {
  readonly isKeyframe: boolean;
}

export interface VoiceRecord extends MediaRecord<'voice'> {
  readonly sequence: number;
  /** 48 kHz. */
  readonly timestamp: number;
  readonly hasMarker: boolean;
}

export interface ScreenRecord extends MediaRecord<'screen'> {
  readonly sequence: number;
  /** 90 kHz; null for all fragments of a frame but the first. */
  readonly timestamp: number | null;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  readonly isKeyframe: boolean;
}

/** A packet that arrived at `arrivalMs` of the recording's time: the quickest of its track in the last ten seconds. */
export interface ClockRecord extends RecordOf<'clock'> {
  readonly track: SegmentTrack;
  readonly stamp: number;
  readonly arrivalMs: number;
}

/** A record as it was written, in the order of time. */
export type SegmentRecord =
  | PoseRecord
  | VoiceRecord
  | ScreenRecord
  | ClockRecord
  | (RecordOf<'event'> & { readonly event: RecordedEvent })
  | (RecordOf<'state'> & { readonly state: RecordedState });

/** What was read of a segment's records. */
export interface SegmentRecords {
  readonly records: readonly SegmentRecord[];
  /** Records and events that a later Parley wrote. */
  readonly unknown: number;
  /** Events and states against the rules. */
  readonly invalid: number;
}

/** Reads the header at the start of `bytes`, which may end right after it. @throws RecordingError */
export function readHeader(bytes: Uint8Array): SegmentHeader {
  if (bytes.length < HEADER_BYTES) throw RecordingError.truncated();
  const view = new DataView(bytes.buffer, bytes.byteOffset, HEADER_BYTES);
  if (view.getUint32(HEADER.magic, true) !== SEGMENT_MAGIC) throw RecordingError.notARecording();
  const version = view.getUint8(HEADER.version);
  if (version !== VERSION) throw RecordingError.unknownVersion(version);
  const sizeBytes = view.getUint32(HEADER.sizeBytes, true);
  if (sizeBytes > LIMITS.segmentBytes) throw RecordingError.tooLarge('bytes');
  if (sizeBytes < SEGMENT_MIN_BYTES) throw RecordingError.malformed('its length');
  const wallHigh = view.getUint32(HEADER.wallHigh, true);
  if (wallHigh >= WALL_HIGH_MAX) throw RecordingError.malformed('its time');
  const number = view.getUint32(HEADER.number, true);
  if (number * SEGMENT_MS > LIMITS.timeMs) throw RecordingError.malformed('its number');
  const flags = view.getUint8(HEADER.flags);
  return {
    recordingId: bytes.slice(HEADER.recordingId, HEADER.recordingId + RECORDING_ID_BYTES),
    number,
    take: view.getUint16(HEADER.take, true),
    beginsTake: (flags & SegmentFlag.beginsTake) !== 0,
    hasState: (flags & SegmentFlag.hasState) !== 0,
    isLast: (flags & SegmentFlag.isLast) !== 0,
    sizeBytes,
    wallMs: wallHigh * NUMBERS + view.getUint32(HEADER.wallLow, true),
    nextTrack: view.getUint32(HEADER.nextTrack, true),
  };
}

/** Opens the segment at the start of `bytes`: checks its length, its checksum and its table. @throws RecordingError */
export function openSegment(bytes: Uint8Array): OpenSegment {
  const header = readHeader(bytes);
  if (header.sizeBytes > bytes.length) throw RecordingError.truncated();
  const segment = bytes.subarray(0, header.sizeBytes);
  const trailerAt = header.sizeBytes - TRAILER_BYTES;
  const trailer = new ByteReader(segment, trailerAt, header.sizeBytes, 'its end');
  const tableAt = trailer.u32();
  const sizeBytes = trailer.u32();
  const checksum = trailer.u32();
  // A segment that was cut off and goes on with another one has no end where it should be.
  if (trailer.u32() !== SEGMENT_END || sizeBytes !== header.sizeBytes) throw RecordingError.truncated();
  if (crc32c(segment, 0, trailerAt + 8) !== checksum) throw RecordingError.checksum();
  if (tableAt < HEADER_BYTES || tableAt >= trailerAt) throw RecordingError.malformed('its end');
  const tracks = readTable(new ByteReader(segment, tableAt, trailerAt, 'its table'));
  return { ...header, tracks, bytes: segment, tableAt };
}

const KINDS = new Map<number, TrackKindName>(
  Object.entries(TrackKind).map(([kind, number]) => [number, kind as TrackKindName]),
);

function readTable(reader: ByteReader): Map<number, SegmentTrack> {
  const tracks = new Map<number, SegmentTrack>();
  const count = reader.varint();
  if (count > LIMITS.tracks) throw RecordingError.tooLarge('tracks');
  let last = 0;
  for (let row = 0; row < count; row += 1) {
    const id = reader.varint();
    const kind = KINDS.get(reader.u8());
    const hasKeyframe = (reader.u8() & 1) !== 0;
    const personId = ascii.decode(reader.bytes(reader.u8()));
    if (id <= last || id > LIMITS.trackId || !PERSON_ID.test(personId)) reader.fail();
    if (kind) tracks.set(id, { id, kind, personId, hasKeyframe });
    last = id;
  }
  if (!reader.isAtEnd) reader.fail();
  return tracks;
}

/** The last numbers of a track in the segment, from which the next follow. */
interface Sequence {
  sequence: number;
  timestamp: number;
}

/** Reads the records of one segment. */
class RecordReader {
  private readonly records: SegmentRecord[] = [];
  private readonly sequences = new Map<number, Sequence>();
  private readonly reader: ByteReader;
  private readonly startMs: number;
  private unknown = 0;
  private invalid = 0;
  private timeMs = 0;

  constructor(private readonly segment: OpenSegment) {
    this.reader = new ByteReader(segment.bytes, HEADER_BYTES, segment.tableAt, 'its records');
    this.startMs = segment.number * SEGMENT_MS;
  }

  read(): SegmentRecords {
    const { reader } = this;
    let count = 0;
    while (!reader.isAtEnd) {
      count += 1;
      if (count > LIMITS.records) throw RecordingError.tooLarge('records');
      const first = reader.u8();
      const trackId = reader.varint();
      this.timeMs += reader.varint();
      if (this.timeMs >= SEGMENT_MS) reader.fail();
      const payload = reader.bytes(reader.varint());
      this.take(first & TYPE_MASK, first >> FLAGS_SHIFT, trackId, payload);
    }
    return { records: this.records, unknown: this.unknown, invalid: this.invalid };
  }

  private take(type: number, flags: number, trackId: number, payload: Uint8Array): void {
    const timeMs = this.startMs + this.timeMs;
    switch (type) {
      case RecordType.pose: {
        const bytes = this.within(payload, LIMITS.poseBytes);
        const isKeyframe = (flags & PoseFlag.keyframe) !== 0;
        this.records.push({ type: 'pose', timeMs, track: this.trackOf(trackId, 'pose'), bytes, isKeyframe });
        return;
      }
      case RecordType.voice:
        this.takeVoice(timeMs, flags, this.trackOf(trackId, 'voice'), payload);
        return;
      case RecordType.screen:
        this.takeFragment(timeMs, flags, this.trackOf(trackId, 'screen'), payload);
        return;
      case RecordType.clock:
        this.takeClock(timeMs, trackId, payload);
        return;
      case RecordType.event:
        this.takeEvent(timeMs, payload);
        return;
      case RecordType.state:
        this.takeState(timeMs, payload);
        return;
      default:
        this.unknown += 1;
    }
  }

  private takeVoice(timeMs: number, flags: number, track: SegmentTrack, payload: Uint8Array): void {
    const fields = this.fieldsOf(payload);
    const known = this.sequences.get(track.id);
    const isExplicit = (flags & VoiceFlag.explicit) !== 0;
    if (!isExplicit && !known) this.reader.fail();
    const sequence = isExplicit ? fields.u16() : (known!.sequence + 1) & 0xffff;
    const timestamp = isExplicit ? fields.u32() : (known!.timestamp + VOICE_STEP_TICKS) % NUMBERS;
    this.sequences.set(track.id, { sequence, timestamp });
    const bytes = this.within(payload.subarray(fields.at), LIMITS.voiceBytes);
    const hasMarker = (flags & VoiceFlag.marker) !== 0;
    this.records.push({ type: 'voice', timeMs, track, bytes, sequence, timestamp, hasMarker });
  }

  private takeFragment(timeMs: number, flags: number, track: SegmentTrack, payload: Uint8Array): void {
    const fields = this.fieldsOf(payload);
    const known = this.sequences.get(track.id);
    const isExplicit = (flags & ScreenFlag.explicit) !== 0;
    if (!isExplicit && !known) this.reader.fail();
    const sequence = isExplicit ? fields.u16() : (known!.sequence + 1) & 0xffff;
    const isFirst = (flags & ScreenFlag.first) !== 0;
    const timestamp = isFirst ? fields.u32() : null;
    this.sequences.set(track.id, { sequence, timestamp: 0 });
    this.records.push({
      type: 'screen',
      timeMs,
      track,
      bytes: this.within(payload.subarray(fields.at), LIMITS.fragmentBytes),
      sequence,
      timestamp,
      isFirst,
      isLast: (flags & ScreenFlag.last) !== 0,
      isKeyframe: (flags & ScreenFlag.keyframe) !== 0,
    });
  }

  private takeClock(timeMs: number, trackId: number, payload: Uint8Array): void {
    const fields = this.fieldsOf(payload);
    const stamp = fields.u32();
    const arrivalMs = this.startMs + fields.i32() / 1000;
    if (!fields.isAtEnd) this.reader.fail();
    const track = this.segment.tracks.get(trackId);
    // That of a kind of a later Parley.
    if (track) this.records.push({ type: 'clock', timeMs, track, stamp, arrivalMs });
    else this.unknown += 1;
  }

  private takeEvent(timeMs: number, payload: Uint8Array): void {
    const event = readEvent(this.within(payload, LIMITS.eventBytes));
    if (event === 'unknown') this.unknown += 1;
    else if (event === 'invalid') this.invalid += 1;
    else this.records.push({ type: 'event', timeMs, event });
  }

  private takeState(timeMs: number, payload: Uint8Array): void {
    const state = readState(this.within(payload, LIMITS.stateBytes));
    if (state) this.records.push({ type: 'state', timeMs, state });
    else this.invalid += 1;
  }

  private trackOf(id: number, kind: TrackKindName): SegmentTrack {
    const track = this.segment.tracks.get(id);
    return track?.kind === kind ? track : this.reader.fail();
  }

  private within(payload: Uint8Array, maxBytes: number): Uint8Array {
    return payload.length > 0 && payload.length <= maxBytes ? payload : this.reader.fail();
  }

  private fieldsOf(payload: Uint8Array): ByteReader {
    return new ByteReader(payload, 0, payload.length, 'its records');
  }
}

/** Reads all records of a segment. @throws RecordingError `malformed`, `tooLarge` */
export function readRecords(segment: OpenSegment): SegmentRecords {
  return new RecordReader(segment).read();
}
