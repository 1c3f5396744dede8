import * as z from 'zod/mini';
import { LIMITS, PERSON_ID } from './format';
import { readJson } from './json';

const personId = z.string().check(z.regex(PERSON_ID));
const name = z.string().check(z.maxLength(1536));
const avatar = z.string().check(z.maxLength(120));
const seat = z.nullable(z.int().check(z.minimum(0), z.maximum(255)));
/** One of a list that may grow. */
const word = z.string().check(z.maxLength(32));
const title = z.string().check(z.maxLength(400));
const trackId = z.nullable(z.int().check(z.minimum(1), z.maximum(LIMITS.trackId)));

/** `notice`: everybody is told; `ask`: only people who agree are recorded. */
const consentMode = z.enum(['notice', 'ask']);

const recordedEvent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('recordingStarted'),
    /** The person or program that started it; null for the server itself. */
    by: z.nullable(personId),
    meetingId: z.string().check(z.maxLength(64)),
    title,
    consent: consentMode,
  }),
  z.object({ kind: z.literal('recordingStopped'), by: z.nullable(personId), reason: word }),
  z.object({ kind: z.literal('takeBegan'), reason: z.enum(['started', 'resumed', 'idle']) }),
  /** A person is here, or here again. `seat` is null for a spectator. */
  z.object({ kind: z.literal('joined'), person: personId, name, avatar, seat }),
  z.object({ kind: z.literal('left'), person: personId, reason: word }),
  z.object({ kind: z.literal('seat'), person: personId, seat }),
  z.object({ kind: z.literal('name'), person: personId, name }),
  z.object({ kind: z.literal('appearance'), person: personId, avatar }),
  z.object({ kind: z.literal('speaking'), person: personId, isSpeaking: z.boolean() }),
  z.object({ kind: z.literal('hand'), person: personId, isRaised: z.boolean() }),
  z.object({ kind: z.literal('reaction'), person: personId, reaction: word }),
  z.object({ kind: z.literal('chat'), person: personId, text: z.string().check(z.maxLength(4000)) }),
  /** `track` is that of the shared screen; null when sharing ends. */
  z.object({ kind: z.literal('screen'), person: personId, track: trackId }),
  z.object({ kind: z.literal('consent'), person: personId, isGiven: z.boolean() }),
  z.object({ kind: z.literal('chapter'), title }),
]);

/** Something that happened in the meeting, or to its recording. */
export type RecordedEvent = z.infer<typeof recordedEvent>;

const personState = z.object({
  person: personId,
  name,
  avatar,
  seat,
  isSpeaking: z.boolean(),
  isHandRaised: z.boolean(),
  /** Track of the screen that they share. */
  screen: trackId,
  /** Null as long as they have not been asked or have not answered. */
  hasConsented: z.nullable(z.boolean()),
});

/** A person who is here, as events have left them. */
export type PersonState = z.infer<typeof personState>;

/** More than a meeting has seats; a recording lists no more. */
export const PEOPLE_MAX = 32;

const recordedState = z.object({
  meetingId: z.string().check(z.maxLength(64)),
  title,
  consent: consentMode,
  chapter: z.nullable(title),
  people: z.array(personState).check(z.maxLength(PEOPLE_MAX)),
});

/** Everything that a viewer who begins here must know. */
export type RecordedState = z.infer<typeof recordedState>;

const KINDS: ReadonlySet<unknown> = new Set(
  recordedEvent.def.options.flatMap((option) => [...option.def.shape.kind.def.values]),
);

/** Why an event is skipped: a later Parley wrote it, or it breaks the rules. */
export type EventFailure = 'unknown' | 'invalid';

/** `value` as an event, without members that are not known; or why it is none. Never throws. */
export function parseEvent(value: unknown): RecordedEvent | EventFailure {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  if (typeof kind !== 'string') return 'invalid';
  if (!KINDS.has(kind)) return 'unknown';
  return recordedEvent.safeParse(value).data ?? 'invalid';
}

/** The event in the JSON of a record; or why it is skipped. Never throws. */
export function readEvent(bytes: Uint8Array): RecordedEvent | EventFailure {
  return parseEvent(readJson(bytes));
}

/** The state in the JSON of a record; null if it is none. Never throws. */
export function readState(bytes: Uint8Array): RecordedState | null {
  return recordedState.safeParse(readJson(bytes)).data ?? null;
}
