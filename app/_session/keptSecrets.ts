const HOST_PREFIX = 'parley.host.';

/** Keeps a meeting's host token in this browser, so that the host can end the meeting after a reload. */
export function rememberHostToken(meetingId: string, token: string): void {
  try {
    localStorage.setItem(HOST_PREFIX + meetingId, token);
  } catch {
    // Storage may be full or forbidden; the host can still end the meeting from the command line.
  }
}

/** The host token of a meeting; null if this browser did not create it. */
export function hostTokenOf(meetingId: string): string | null {
  try {
    return localStorage.getItem(HOST_PREFIX + meetingId);
  } catch {
    return null;
  }
}

/** Forgets the host token of a meeting that has ended. */
export function forgetHostToken(meetingId: string): void {
  try {
    localStorage.removeItem(HOST_PREFIX + meetingId);
  } catch {
    // Without storage, nothing was kept.
  }
}

const IDENTITY_KEY = 'parley.identity';
const SECRET_BYTES = 24;

function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

let unstored: string | null = null;

/**
 * The secret by which the server recognises a person after a reload. It belongs to the tab, not to the browser: two tabs
 * are two people, while a reloaded tab gets its seat back.
 */
export function tabIdentity(): string {
  try {
    const known = sessionStorage.getItem(IDENTITY_KEY);
    if (known) return known;
    const made = newSecret();
    sessionStorage.setItem(IDENTITY_KEY, made);
    return made;
  } catch {
    unstored ??= newSecret();
    return unstored;
  }
}
