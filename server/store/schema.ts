import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';

const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/** One row per meeting, deleted with its stays some time after its end: until then it is known as ended. */
export const meetings = pgTable('meetings', {
  id: text('id').primaryKey(),
  title: text('title').notNull(),
  maxParticipants: integer('max_participants').notNull(),
  /** SHA-256, hex. */
  hostTokenHash: text('host_token_hash').notNull(),
  recordingStart: text('recording_start', { enum: ['byHost', 'always'] })
    .notNull()
    .default('byHost'),
  recordingConsent: text('recording_consent', { enum: ['tell', 'ask'] })
    .notNull()
    .default('tell'),
  createdAt: moment('created_at').notNull(),
  endedAt: moment('ended_at'),
});

/** One row per stay: from one join to the leave, the timeout or the next join of the same identity. */
export const stays = pgTable(
  'stays',
  {
    /** SHA-256 of the stay's bearer token, hex. */
    tokenHash: text('token_hash').primaryKey(),
    meetingId: text('meeting_id')
      .notNull()
      .references(() => meetings.id),
    /** SHA-256 of the identity's secret, hex. */
    identityHash: text('identity_hash').notNull(),
    personId: text('person_id').notNull(),
    role: text('role', { enum: ['participant', 'spectator'] }).notNull(),
    name: text('name').notNull(),
    avatar: text('avatar').notNull(),
    /** Null for a spectator. */
    seat: integer('seat'),
    joinedAt: moment('joined_at').notNull(),
    expiresAt: moment('expires_at').notNull(),
    /** Null until the person reports an endpoint, with the nonce. */
    endpointId: text('endpoint_id'),
    /** Null also where the XMPP server does not say it. */
    endpointOccupant: text('endpoint_occupant'),
    endpointNonce: text('endpoint_nonce'),
    /** Whether the person agrees to be recorded; null until they have said so. */
    agreesToRecording: boolean('agrees_to_recording'),
    endedAt: moment('ended_at'),
    endReason: text('end_reason', { enum: ['left', 'timeout', 'replaced', 'removed', 'meetingEnded'] }),
  },
  (stay) => [
    // The transaction decides; these two make a wrong decision impossible to commit.
    uniqueIndex('stays_one_a_seat').on(stay.meetingId, stay.seat).where(sql`${stay.endedAt} is null`),
    uniqueIndex('stays_one_an_identity').on(stay.meetingId, stay.identityHash).where(sql`${stay.endedAt} is null`),
    index('stays_of_identity').on(stay.meetingId, stay.identityHash, stay.joinedAt),
    index('stays_expiring').on(stay.expiresAt).where(sql`${stay.endedAt} is null`),
  ],
);

/**
 * One row per recording, deleted once its files are. It has no reference to its meeting, which may be forgotten earlier, so
 * that another one can have its id.
 */
export const recordings = pgTable(
  'recordings',
  {
    id: text('id').primaryKey(),
    meetingId: text('meeting_id').notNull(),
    title: text('title').notNull(),
    /** That of the meeting. */
    hostTokenHash: text('host_token_hash').notNull(),
    consent: text('consent', { enum: ['tell', 'ask'] }).notNull(),
    state: text('state', { enum: ['recording', 'stopped', 'ready', 'failed'] }).notNull(),
    startedAt: moment('started_at').notNull(),
    stoppedAt: moment('stopped_at'),
    durationMs: bigint('duration_ms', { mode: 'number' }).notNull(),
    sizeBytes: bigint('size_bytes', { mode: 'number' }).notNull(),
    failure: text('failure', { enum: ['cannotSave', 'storageAway', 'interrupted', 'recorder'] }),
    /** The limit that ended it. */
    reachedLimit: text('reached_limit', { enum: ['length', 'size', 'meeting', 'site', 'disk'] }),
    /** Whether its files are to be deleted. */
    isDiscarded: boolean('is_discarded').notNull().default(false),
  },
  (recording) => [
    uniqueIndex('recordings_one_running')
      .on(recording.meetingId)
      .where(sql`${recording.state} = 'recording' and not ${recording.isDiscarded}`),
    index('recordings_of_host').on(recording.meetingId, recording.hostTokenHash, recording.startedAt),
  ],
);

/** One row per message on its way, deleted once it is delivered or given up. */
export const messages = pgTable(
  'messages',
  {
    id: text('id').primaryKey(),
    url: text('url').notNull(),
    subject: text('subject').notNull().default(''),
    body: text('body').notNull(),
    attempts: integer('attempts').notNull().default(0),
    createdAt: moment('created_at').notNull(),
    dueAt: moment('due_at').notNull(),
  },
  (message) => [index('messages_due').on(message.dueAt)],
);

/** One row per alert that fires. */
export const alerts = pgTable('alerts', {
  /** Of its labels, hex. */
  fingerprint: text('fingerprint').primaryKey(),
  instance: text('instance').notNull(),
  labels: jsonb('labels').$type<Record<string, string>>().notNull(),
  annotations: jsonb('annotations').$type<Record<string, string>>().notNull(),
  startsAt: moment('starts_at').notNull(),
});

/** One row per step of each span of the history, deleted once the span is over: see `lib/core/site/siteHistory.ts`. */
export const history = pgTable(
  'history',
  {
    stepS: integer('step_s').notNull(),
    at: moment('at').notNull(),
    meetings: doublePrecision('meetings'),
    participants: doublePrecision('participants'),
    spectators: doublePrecision('spectators'),
    joinsOk: doublePrecision('joins_ok'),
    joinsFailed: doublePrecision('joins_failed'),
    poseAgeMs: doublePrecision('pose_age_ms'),
    poseLostShare: doublePrecision('pose_lost_share'),
    sentBytesPerSecond: doublePrecision('sent_bytes_per_second'),
    eventLoopLagMs: doublePrecision('event_loop_lag_ms'),
    memoryBytes: doublePrecision('memory_bytes'),
    diskFreeBytes: doublePrecision('disk_free_bytes'),
    messagesQueued: doublePrecision('messages_queued'),
    recordings: doublePrecision('recordings'),
  },
  (point) => [primaryKey({ columns: [point.stepS, point.at] })],
);
