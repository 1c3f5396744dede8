import { z } from 'zod';
import { SEATS_MAX, SEATS_MIN } from '@/lib/core/meeting';
import { MEETING_ID_PATTERN } from '@/lib/core/meetingId';

/** Longest text taken in before it is cleaned, in UTF-16 units. */
const TEXT_MAX = 2000;

const SEATS = `must be a whole number from ${SEATS_MIN} to ${SEATS_MAX}`;

const id = z
  .string('must be a text')
  .regex(MEETING_ID_PATTERN, 'must be 3 to 64 small letters, digits and hyphens (a-z, 0-9, -)');

const text = z.string('must be a text').max(TEXT_MAX, `must have at most ${TEXT_MAX} characters`);

/** A bearer secret; what is longer than any of ours isn't hashed. */
const secret = z.string('must be a text').min(1, 'must not be empty').max(128, 'must have at most 128 characters');

const identity = secret.min(16, 'must be a secret of at least 16 characters');

export const createInput = z
  .object({
    title: text.optional(),
    maxParticipants: z.int(SEATS).min(SEATS_MIN, SEATS).max(SEATS_MAX, SEATS).optional(),
    id: id.optional(),
  })
  .prefault({});

export const joinInput = z.object({
  id,
  role: z.enum(['participant', 'spectator'], 'must be participant or spectator'),
  name: text.optional(),
  avatar: text.optional(),
  identity: identity.optional(),
});

export const idInput = z.object({ id });

export const stayInput = z.object({ id, stayToken: secret });

export const leaveInput = stayInput.extend({ closing: z.boolean('must be true or false').optional() });

export const changeInput = stayInput.extend({ name: text.optional(), avatar: text.optional() });

export const endInput = z.object({ id, hostToken: secret });

export const eventsInput = z.object({ id, stayToken: secret.optional() });
