const SECOND_MS = 1000;
const MINUTE_S = 60;
const HOUR_S = 3600;

/** Seconds, or hours, minutes and seconds: `90`, `90.5`, `1m30s`, `1h2m`, `1:02:03`. */
const UNITS = /^(?:(\d{1,3})h)?(?:(\d{1,4})m)?(?:(\d{1,6}(?:\.\d{1,3})?)s?)?$/;
const COLONS = /^(?:(\d{1,3}):)?(\d{1,2}):(\d{2}(?:\.\d{1,3})?)$/;

/** A time as people write it, ms; null for what is none. */
export function parseClock(text: string): number | null {
  const given = text.trim().toLowerCase();
  const parts = COLONS.exec(given) ?? UNITS.exec(given);
  if (given === '' || !parts) return null;
  const [, hours = '0', minutes = '0', seconds = '0'] = parts;
  return (Number(hours) * HOUR_S + Number(minutes) * MINUTE_S + Number(seconds)) * SECOND_MS;
}

/** The moment of `?t=` in a link, ms; 0 for what is none. */
export function parseMoment(text: string | string[] | undefined): number {
  return parseClock((Array.isArray(text) ? text[0] : text) ?? '') ?? 0;
}

/** The link to a moment of a recording, of the address `href` of its page. */
export function momentLink(href: string, positionMs: number): string {
  const url = new URL(href);
  url.searchParams.set('t', String(Math.floor(positionMs / SECOND_MS)));
  url.hash = '';
  return url.href;
}

/** Where the files of the recording at `/r/RIGHT` are. */
export function filesUrlOf(right: string): string {
  return `/b/${encodeURIComponent(right)}/`;
}

/** A length of time as clocks show it: `0:07`, `12:30`, `1:02:03`. */
export function clockText(timeMs: number): string {
  const whole = Math.max(0, Math.floor(timeMs / SECOND_MS));
  const seconds = String(whole % MINUTE_S).padStart(2, '0');
  const minutes = Math.floor(whole / MINUTE_S) % MINUTE_S;
  const hours = Math.floor(whole / HOUR_S);
  return hours === 0 ? `${minutes}:${seconds}` : `${hours}:${String(minutes).padStart(2, '0')}:${seconds}`;
}
