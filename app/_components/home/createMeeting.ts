import type { MessageKey, MessageValues } from '@/app/_i18n/messages';
import { recentMeetings } from '@/app/_memory/recentMeetings';
import { rememberHostToken } from '@/app/_session/keptSecrets';
import { parleyClient } from '@/app/_session/parleyClient';
import { ParleyApiError } from '@/lib/api';
import { MEETING_ID_PATTERN } from '@/lib/core/meetingId';

/** The options of a new meeting. Empty texts mean "none". */
export interface NewMeetingChoice {
  readonly title: string;
  readonly id: string;
  readonly seats: number;
}

/** Why a meeting could not be created, as a text of the catalogue; `field` is the field it belongs to. */
export interface CreateFailure {
  readonly key: MessageKey;
  readonly values?: MessageValues;
  readonly field?: 'id';
}

const DEFAULT_WAIT_MS = 60_000;

/** Turns typed text into a link name: lowercase letters, hyphens for spaces. */
export function normaliseLinkName(text: string): string {
  return text
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, '-');
}

/** The sentence for an error of the API, or for no answer at all. */
export function createFailureOf(error: unknown): CreateFailure {
  if (!(error instanceof ParleyApiError)) return { key: 'homeError.offline' };
  switch (error.reason) {
    case 'exists':
      return { key: 'homeError.exists', field: 'id' };
    case 'tooManyRequests':
      return {
        key: 'homeError.tooManyRequests',
        values: { seconds: Math.ceil((error.retryAfterMs ?? DEFAULT_WAIT_MS) / 1000) },
      };
    case 'offline':
      return { key: 'homeError.offline' };
    case 'badInput':
      return { key: 'homeError.badInput' };
    default:
      return { key: 'homeError.unavailable' };
  }
}

/** Creates a meeting and keeps its host token. Returns its id, or the sentence that says why not. */
export async function createMeeting(choice: NewMeetingChoice): Promise<{ id: string } | { failure: CreateFailure }> {
  const id = normaliseLinkName(choice.id);
  if (id !== '' && !MEETING_ID_PATTERN.test(id)) return { failure: { key: 'homeError.id', field: 'id' } };
  const title = choice.title.trim();
  try {
    const made = await parleyClient().meeting.create({
      maxParticipants: choice.seats,
      ...(title ? { title } : {}),
      ...(id ? { id } : {}),
    });
    rememberHostToken(made.id, made.hostToken);
    recentMeetings.visit(made.id, title);
    return { id: made.id };
  } catch (error) {
    return { failure: createFailureOf(error) };
  }
}
