const PREFIX = 'parley.host.';

/** Keeps the host's token of a meeting in this browser, so that the host can end it after a reload. */
export function rememberHostToken(meetingId: string, token: string): void {
  try {
    localStorage.setItem(PREFIX + meetingId, token);
  } catch {
    // Storage may be full or forbidden; the host can still end the meeting from the command line.
  }
}

/** The host's token of a meeting, or null where this browser did not create it. */
export function hostTokenOf(meetingId: string): string | null {
  try {
    return localStorage.getItem(PREFIX + meetingId);
  } catch {
    return null;
  }
}

/** Forgets the token of a meeting that has ended. */
export function forgetHostToken(meetingId: string): void {
  try {
    localStorage.removeItem(PREFIX + meetingId);
  } catch {
    // Nothing was kept where storage is forbidden.
  }
}
