/** A chosen name for a meeting, or a generated id. Lower case, as the local part of a MUC address must be. */
export const MEETING_ID_PATTERN = /^[a-z0-9-]{3,64}$/;

const ID_IN_LINK = /\/m\/([a-z0-9-]{3,64})(?:\/(?:watch|live))?\/?$/;

/**
 * Reads what a person pasted: a meeting's link or its id, in any case and with white space around it. Returns the id, or null if
 * there is none.
 */
export function parseMeetingReference(text: string): string | null {
  const trimmed = text.trim().toLowerCase();
  if (MEETING_ID_PATTERN.test(trimmed)) return trimmed;
  const path = trimmed.replace(/[?#].*$/, '');
  return ID_IN_LINK.exec(path)?.[1] ?? null;
}

/** A meeting's path on its site, to take a seat or to watch. */
export function meetingPath(meetingId: string, role: 'participant' | 'spectator' = 'participant'): string {
  return role === 'spectator' ? `/m/${meetingId}/watch` : `/m/${meetingId}`;
}
