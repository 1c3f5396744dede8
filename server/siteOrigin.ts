/** Reads a header of a request by its lower-case name; null where it has none. */
export type ReadHeader = (name: string) => string | null;

function firstOf(header: string | null): string | null {
  return header?.split(',')[0]?.trim() || null;
}

/** The origin a browser sees a request go to. `seen` is its address as it came here. */
export function requestOrigin(header: ReadHeader, seen: URL, trustProxy: boolean): string {
  const forwarded = (name: string) => (trustProxy ? firstOf(header(`x-forwarded-${name}`)) : null);
  const protocol = forwarded('proto') ?? seen.protocol.replace(':', '');
  const host = forwarded('host') ?? header('host') ?? seen.host;
  const origin = `${protocol === 'https' ? 'https' : 'http'}://${host}`;
  return URL.canParse(origin) ? new URL(origin).origin : seen.origin;
}

/** Whether a request that changes something comes from a page of another site than `own`. */
export function isForeign(header: ReadHeader, own: readonly string[]): boolean {
  const origin = header('origin');
  // Programs send neither header; a browser can't leave them out of a request that changes something.
  return origin !== null ? !own.includes(origin) : header('sec-fetch-site') === 'cross-site';
}

/** What somebody is told whose request came from another site. */
export const FOREIGN_SENTENCE =
  'Requests from other sites are not taken. If this is the site itself, its PUBLIC_URL must be set.';
