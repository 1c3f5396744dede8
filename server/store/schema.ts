import { sql } from 'drizzle-orm';
import { index, integer, pgTable, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core';

const moment = (name: string) => timestamp(name, { withTimezone: true, precision: 3 });

/** One row per meeting, deleted with its stays some time after its end: until then it is known as ended. */
export const meetings = pgTable('meetings', {
  id: text('id').primaryKey(),
  title: text('title').notNull(),
  maxParticipants: integer('max_participants').notNull(),
  /** SHA-256, hex. */
  hostTokenHash: text('host_token_hash').notNull(),
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
    endedAt: moment('ended_at'),
    endReason: text('end_reason', { enum: ['left', 'timeout', 'replaced', 'meetingEnded'] }),
  },
  (stay) => [
    // The transaction decides; these two make a wrong decision impossible to commit.
    uniqueIndex('stays_one_a_seat').on(stay.meetingId, stay.seat).where(sql`${stay.endedAt} is null`),
    uniqueIndex('stays_one_an_identity').on(stay.meetingId, stay.identityHash).where(sql`${stay.endedAt} is null`),
    index('stays_of_identity').on(stay.meetingId, stay.identityHash, stay.joinedAt),
    index('stays_expiring').on(stay.expiresAt).where(sql`${stay.endedAt} is null`),
  ],
);
