const KEY = 'parley.identity';
const SECRET_BYTES = 24;

function newSecret(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(SECRET_BYTES));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

let unstored: string | null = null;

/**
 * The secret by which the server knows a person again after a reload. It belongs to the tab, not to the browser: two
 * tabs are two people, while a reloaded tab takes its own seat back.
 */
export function tabIdentity(): string {
  try {
    const known = sessionStorage.getItem(KEY);
    if (known) return known;
    const made = newSecret();
    sessionStorage.setItem(KEY, made);
    return made;
  } catch {
    unstored ??= newSecret();
    return unstored;
  }
}
