import type { Tier } from '@/lib/core/meeting';
import { messageBytesOf, wireBpsOf } from './budget';
import type { PoseReport, QualitySignals } from './quality';
import { framesPerPacket } from './tiers';

/** A backlog that takes less than this to leave does not count, ms. */
const SHORT_MS = 150;
/** A backlog is too long if it takes the first of these to leave at two looks, or the second at one; senders skip frames by then, ms. */
const LASTING_MS = 250;
const LONG_MS = 500;
/** Time between two looks at the channel, ms. */
const LOOK_APART_MS = 400;

/** The sender's own channel at the last look. */
export interface Uplink {
  readonly atMs: number;
  /** Bytes that wait in it. */
  readonly bytes: number;
  /** How long they take to leave at the present rate, ms. */
  readonly waitMs: number;
  /** What it carries, bits a second; null if it ran empty meanwhile, as then nothing shows how much more it could. */
  readonly carriedBps: number | null;
  /** Whether it carries less than is sent. */
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

/** What was sent less what is still waiting. */
function carriedBps(before: Uplink, bytes: number, { wireBps, nowMs }: QualitySignals): number | null {
  if (before.bytes === 0 || bytes === 0) return null;
  return Math.max(0, wireBps - ((bytes - before.bytes) * 8_000) / (nowMs - before.atMs));
}

/** The channel after a look at it while poses are sent at `tier`; unchanged if the last look was just now. */
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

/** From these ages on poses are old, and stuck; up to the third they are young enough to try for more. */
const OLD_AGE_MS = 350;
const STUCK_AGE_MS = 1_500;
const YOUNG_AGE_MS = 200;

/** Added to these ages, in packet intervals: the time to fill a packet and to wait for the next. */
const AGE_INTERVALS = 2;

/** Share of lost packets above which motion suffers, and below which it does not. */
const MANY_LOST = 0.05;
const FEW_LOST = 0.01;

/** One receiver in this many may be badly off beyond the base tier. */
const SPARED_RECEIVERS = 8;

/** How well this sender's poses arrive now. */
export interface Health {
  /** `bad`: less must be sent; `stuck`: next to nothing gets through. */
  readonly verdict: 'fine' | 'bad' | 'stuck';
  /** Where the trouble is, if there is any. */
  readonly cause: 'uplink' | 'receivers';
  /** Whether this sender sees the others' poses old too: then more than its own uplink is in trouble. */
  readonly isShared: boolean;
  /** Receivers that see poses old or with many losses. */
  readonly badReceivers: number;
  /** Whether more receivers are badly off than may be beyond the base tier. */
  readonly isUnfair: boolean;
  /** Whether nothing speaks against returning to the base tier. */
  readonly mayRecover: boolean;
  /** Whether the others see well enough to try a step beyond the base tier. */
  readonly mayStepUp: boolean;
}

function isSound({ ageMs, lostShare }: PoseReport): boolean {
  return ageMs >= 0 && lostShare >= 0 && Number.isFinite(ageMs);
}

function countOf(reports: readonly PoseReport[], matches: (report: PoseReport) => boolean): number {
  return reports.reduce((count, report) => count + (matches(report) ? 1 : 0), 0);
}

/** Whether more than half agree: a receiver with a bad downlink does not speak for all (rule Q-31). */
function isMost(count: number, of: number): boolean {
  return count * 2 > of;
}

/** Judges how poses sent at `tier` arrive (rules ). Unknown figures count neither for nor against. */
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
