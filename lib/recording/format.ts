/** Version of the format (rule R-2). */
export const VERSION = 1;

/** A segment covers this much of a recording's time. */
export const SEGMENT_MS = 1000;

/** `PSEG`, the first bytes of a segment, as a little-endian number. */
export const SEGMENT_MAGIC = 0x47455350;
/** `PEND`, the last bytes of a segment. */
export const SEGMENT_END = 0x444e4550;
/** `PIDX`, the first bytes of an index. */
export const INDEX_MAGIC = 0x58444950;

export const RECORDING_ID_BYTES = 16;
export const HEADER_BYTES = 44;
export const TRAILER_BYTES = 16;
/** A segment without records: its header, an empty table, its trailer. */
export const SEGMENT_MIN_BYTES = HEADER_BYTES + 1 + TRAILER_BYTES;
export const INDEX_HEADER_BYTES = 32;
export const INDEX_ROW_BYTES = 32;

/** Places of a header's fields. */
export const HEADER = {
  magic: 0,
  version: 4,
  flags: 5,
  take: 6,
  recordingId: 8,
  number: 24,
  sizeBytes: 28,
  wallLow: 32,
  wallHigh: 36,
  nextTrack: 40,
} as const;

/** Flags of a segment. */
export const SegmentFlag = { beginsTake: 1, hasState: 2, isLast: 4 } as const;

/** What a track carries. */
export const TrackKind = { pose: 1, voice: 2, screen: 3 } as const;
export type TrackKindName = keyof typeof TrackKind;

/** A track's unit of time, a millisecond of it. */
export const TICKS_PER_MS: Readonly<Record<TrackKindName, number>> = { pose: 1, voice: 48, screen: 90 };

/** The time between two Opus packets of 20 ms, in ticks. */
export const VOICE_STEP_TICKS = 960;

/** What a record is. Those of a track have the number of its kind. */
export const RecordType = { ...TrackKind, event: 4, state: 5, clock: 6 } as const;

/** Flags of records, in the upper half of a record's first byte. */
export const PoseFlag = { keyframe: 1 } as const;
export const VoiceFlag = { marker: 1, explicit: 2 } as const;
export const ScreenFlag = { first: 1, last: 2, keyframe: 4, explicit: 8 } as const;

/** The most that a segment may have, its writer puts there and its reader takes. */
export const LIMITS = {
  segmentBytes: 4 * 1024 * 1024,
  /** Beyond this, fragments of screens are left out, so that poses and voices always find room. */
  screenBytes: 3 * 1024 * 1024,
  records: 16_384,
  /** Of a whole recording: 24 days. */
  timeMs: 2 ** 31 - 1,
  /** Of one segment. */
  tracks: 255,
  /** Of a whole recording: ids of tracks are 1 to this. */
  trackId: 16_383,
  poseBytes: 2048,
  voiceBytes: 1500,
  fragmentBytes: 65_535,
  eventBytes: 32 * 1024,
  stateBytes: 512 * 1024,
} as const;

/** The id of a person: printable ASCII, so that its bytes are its letters. */
export const PERSON_ID = /^[\x21-\x7e]{1,64}$/;

/** How often a segment begins with a state: wherever its number is a multiple of this. */
export const STATE_EVERY = 5;

/** After this many segments in which nothing was written, the next begins a take instead. */
export const IDLE_SEGMENTS_MAX = 10;

/** Segments to read for a pose: senders make a keyframe every 5 s (rule C-10 of the codec), and packets are late by a little. */
export const POSE_LEAD_MS = 6000;
