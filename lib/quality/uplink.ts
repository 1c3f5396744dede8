import type { Tier } from '@/lib/core/meeting';
import type { QualitySignals } from './quality';
import { messageBytesOf, wireBpsOf } from './wireCost';

/** What waits that takes less than this to leave is nothing to speak of, ms. */
const SHORT_MS = 150;
/** What takes this long to leave, at two looks a while apart or at one look, is too long; senders skip frames by then, ms. */
const LASTING_MS = 250;
const LONG_MS = 500;
/** So long apart are two looks at the channel, ms. */
const LOOK_APART_MS = 400;

/** One's own channel, as last looked at. */
export interface Uplink {
  readonly atMs: number;
  /** What waits in it, bytes. */
  readonly bytes: number;
  /** How long that takes to leave at the present rate, ms. */
  readonly waitMs: number;
  /** What it carries, bits a second; null where it was empty meanwhile, so that nothing shows how much more it would. */
  readonly carriedBps: number | null;
  /** Whether it carries too little of what is sent. */
  readonly isFull: boolean;
  readonly isIdle: boolean;
}

export const IDLE_UPLINK: Uplink = {
  atMs: Number.NEGATIVE_INFINITY,
  bytes: 0,
  waitMs: 0,
  carriedBps: null,
  isFull: false,
  isIdle: true,
};

/** What was sent less what has stayed. */
function carriedBps(before: Uplink, bytes: number, { wireBps, nowMs }: QualitySignals): number | null {
  if (before.bytes === 0 || bytes === 0) return null;
  return Math.max(0, wireBps - ((bytes - before.bytes) * 8_000) / (nowMs - before.atMs));
}

/** The channel after a look at it while poses are sent at `tier`; as before where the last look was just now. */
export function nextUplink(before: Uplink, signals: QualitySignals, tier: Tier): Uplink {
  const { nowMs, backlogBytes, wireBps } = signals;
  if (backlogBytes === null) return IDLE_UPLINK;
  if (nowMs - before.atMs < LOOK_APART_MS) return before;
  // One message may be on its way at any time.
  const bytes = Math.max(0, backlogBytes - messageBytesOf(tier));
  const waitMs = (bytes * 8_000) / Math.max(wireBps, wireBpsOf(tier));
  return {
    atMs: nowMs,
    bytes,
    waitMs,
    carriedBps: carriedBps(before, bytes, signals),
    isFull: waitMs >= LONG_MS || Math.min(waitMs, before.waitMs) >= LASTING_MS,
    isIdle: waitMs < SHORT_MS,
  };
}
