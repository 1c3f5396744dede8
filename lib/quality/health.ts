import type { Tier } from '@/lib/core/meeting';
import { messageBytesOf, wireBpsOf } from './budget';
import type { PoseReport, QualitySignals } from './quality';
import { framesPerPacket } from './tiers';

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

/** Poses older than this are old; much older; and young enough to try for more. */
const OLD_AGE_MS = 350;
const STUCK_AGE_MS = 1_500;
const YOUNG_AGE_MS = 200;

/** Besides these, a pose is as old as it takes to fill a packet and to wait for the next one. */
const AGE_INTERVALS = 2;

/** Losses above which a picture suffers, and below which it does not. */
const MANY_LOST = 0.05;
const FEW_LOST = 0.01;

/** One receiver in so many may be badly off while all are beyond the base tier. */
const SPARED_RECEIVERS = 8;

/** How one's poses travel now. */
export interface Health {
  /** `bad`: less must be sent; `stuck`: next to nothing gets through. */
  readonly verdict: 'fine' | 'bad' | 'stuck';
  /** Where it hurts, if it does. */
  readonly cause: 'uplink' | 'receivers';
  /** Whether one does not see the others young either: then it is not one's own way up alone. */
  readonly isShared: boolean;
  /** Receivers who see poses old or torn. */
  readonly badReceivers: number;
  /** Whether more are badly off than may be while all are beyond the base tier. */
  readonly isUnfair: boolean;
  /** Whether nothing speaks against returning to the base tier. */
  readonly mayRecover: boolean;
  /** Whether the others see so well that going beyond the base tier may be tried. */
  readonly mayStepUp: boolean;
}

function isSound({ ageMs, lostShare }: PoseReport): boolean {
  return ageMs >= 0 && lostShare >= 0 && Number.isFinite(ageMs);
}

function countOf(reports: readonly PoseReport[], matches: (report: PoseReport) => boolean): number {
  return reports.reduce((count, report) => count + (matches(report) ? 1 : 0), 0);
}

/** Whether more than half agree: one with a bad way down does not speak for all (rule Q-31). */
function isMost(count: number, of: number): boolean {
  return count * 2 > of;
}

/** Judges how poses sent at `tier` travel (rules ). What is not known speaks neither path. */
export function healthOf(signals: QualitySignals, uplink: Uplink, tier: Tier): Health {
  const plainAgeMs = (AGE_INTERVALS * 1000 * framesPerPacket(tier)) / tier.fps;
  const reports = signals.reports.filter(isSound);
  const older = (ageMs: number) => countOf(reports, (report) => report.ageMs > ageMs + plainAgeMs);
  const isBad = (report: PoseReport) => report.ageMs > OLD_AGE_MS + plainAgeMs || report.lostShare > MANY_LOST;
  const isWell = (report: PoseReport) => report.ageMs <= YOUNG_AGE_MS + plainAgeMs && report.lostShare <= FEW_LOST;
  const bad = countOf(reports, isBad);
  const isStuck = isMost(older(STUCK_AGE_MS), reports.length);
  const isBadForMost = uplink.isFull || isMost(bad, reports.length);
  const others = signals.seated - 1;
  const spared = Math.floor(reports.length / SPARED_RECEIVERS);
  const unwell = reports.length - countOf(reports, isWell);
  return {
    verdict: isStuck ? 'stuck' : isBadForMost ? 'bad' : 'fine',
    cause: uplink.isFull || reports.length > 1 ? 'uplink' : 'receivers',
    isShared: (signals.othersAgeMs ?? 0) > YOUNG_AGE_MS + plainAgeMs,
    badReceivers: bad,
    isUnfair: bad > spared,
    mayRecover: uplink.isIdle && !isBadForMost,
    mayStepUp: uplink.isIdle && reports.length > 0 && reports.length * 2 >= others && unwell <= spared,
  };
}
