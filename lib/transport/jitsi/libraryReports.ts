import type { Log } from '@/lib/core/log';

/** Where lib-jitsi-meet writes its log: a method for each level. */
export interface LibraryLogTransport {
  error(...parts: unknown[]): void;
}

/** Services that the library asks every server for and does without: hosts for STUN and TURN, and what a room is like. */
const OPTIONAL = /extdisco|STUN\/TURN|disco (?:info|items)|short term credentials/i;

/** How a server says that it lacks one. */
const LACKING = /service-unavailable|feature-not-implemented|item-not-found/;

/** Longest line of the library that is passed on, UTF-16 units. */
const LINE_MAX_UNITS = 500;

/** The log of the library: its errors, without those about services that a deployment need not have. */
export function libraryLog(log: Log): LibraryLogTransport {
  return {
    error: (...parts) => {
      const said = parts.map(textOf).join(' ').slice(0, LINE_MAX_UNITS);
      const isHarmless = OPTIONAL.test(said) && LACKING.test(said);
      if (isHarmless) log.debug('the deployment lacks a service that is not needed', { said });
      else log.error('lib-jitsi-meet reports an error', { said });
    },
  };
}

function textOf(part: unknown): string {
  if (typeof part === 'string') return part;
  if (part instanceof Error) return String(part);
  try {
    return JSON.stringify(part) ?? String(part);
  } catch {
    return String(part);
  }
}

/** What a document tells when its policy stops a connection. */
interface Violation {
  readonly effectiveDirective: string;
  readonly blockedURI: string;
}

/**
 * Tells, once for each host, that the page's own policy blocks a bridge channel, which otherwise just never opens. Returns what
 * stops watching.
 */
export function watchBlockedChannels(document: EventTarget, onBlocked: (origin: string) => void): () => void {
  const told = new Set<string>();
  const onViolation = (event: Event) => {
    const { effectiveDirective, blockedURI } = event as Event & Violation;
    if (effectiveDirective !== 'connect-src' || !/^wss?:/.test(blockedURI) || !URL.canParse(blockedURI)) return;
    const { origin } = new URL(blockedURI.replace(/^ws/, 'http'));
    if (told.has(origin)) return;
    told.add(origin);
    onBlocked(origin);
  };
  document.addEventListener('securitypolicyviolation', onViolation);
  return () => document.removeEventListener('securitypolicyviolation', onViolation);
}
