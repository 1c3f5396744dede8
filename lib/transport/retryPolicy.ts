import { backoffMs } from '@/lib/core/backoff';

/** What a retry depends on. */
interface RetryContext {
  /** Failed attempts since the connection was lost. */
  readonly attempts: number;
  /** Milliseconds since the connection was lost. */
  readonly elapsedMs: number;
  /** Milliseconds, of {@link elapsedMs}, since the API last let the client in. */
  readonly unadmittedMs: number;
  /** Whether the focus has no bridge. */
  readonly isBridgeAway?: boolean;
  /** 0 .. 1, so that clients do not reconnect in the same instant. */
  readonly random: number;
}

/** A client that has not been let in for this long gives up. */
const RETRY_GIVE_UP_MS = 600_000;

/** The first attempt comes within this time: just enough to spread sixteen clients. */
const FIRST_WITHIN_MS = 150;

/** The longest pause, by how long the outage lasts already: most outages are a restart, over within seconds. */
const LONGEST: ReadonlyArray<{ readonly untilMs: number; readonly delayMs: number }> = [
  { untilMs: 10_000, delayMs: 500 },
  { untilMs: 20_000, delayMs: 1_000 },
  { untilMs: 60_000, delayMs: 2_000 },
  { untilMs: 180_000, delayMs: 5_000 },
  { untilMs: 600_000, delayMs: 10_000 },
];
/** Without a bridge each attempt makes the focus look for one, and waits some seconds for its channel anyway. */
const LONGEST_BRIDGELESS = [{ untilMs: 600_000, delayMs: 500 }];
const LONGEST_AT_LAST_MS = 20_000;

function longestDelayMs(elapsedMs: number, isBridgeAway: boolean): number {
  const longest = isBridgeAway ? LONGEST_BRIDGELESS : LONGEST;
  return longest.find(({ untilMs }) => elapsedMs < untilMs)?.delayMs ?? LONGEST_AT_LAST_MS;
}

/**
 * Milliseconds to wait before the next attempt; null to give up. Pauses double, bounded by how long the outage lasts
 * already, and are spread over their upper half.
 */
export function nextRetryDelayMs(context: RetryContext): number | null {
  const { attempts, elapsedMs, unadmittedMs, isBridgeAway = false, random } = context;
  if (unadmittedMs >= RETRY_GIVE_UP_MS) return null;
  if (attempts === 0) return FIRST_WITHIN_MS * random;
  return backoffMs(attempts - 1, longestDelayMs(elapsedMs, isBridgeAway), random);
}

/** How long a link may take to come up before another is tried. During the first entry somebody waits for an answer. */
export const FIRST_ENTRY_MAX_MS = 30_000;
export const RETURN_MAX_MS = 10_000;

/**
 * Milliseconds within which a bridge channel must open in a conference of two or more, by how many links in a row have
 * failed to: ICE takes seconds on a bad network, and reconnecting again and again would not make it faster.
 */
export function channelOpensWithinMs(unopenedLinks: number): number {
  return 10_000 * 2 ** Math.min(unopenedLinks, 2);
}

const BRIDGELESS_WAIT_MAX_MS = 10_000;

/**
 * Milliseconds that a link waits for its channel while the focus has no bridge, spread over the upper half: all clients have
 * lost theirs at once, and the first one that enters after there is a bridge again makes the focus invite everybody.
 */
export function bridgelessWaitMs(random: number): number {
  return BRIDGELESS_WAIT_MAX_MS * (1 - random / 2);
}
