import type { Tier } from '@/lib/core/meeting';
import { framesPerPacket } from './framesPerPacket';
import type { PoseReport, QualitySignals } from './quality';
import type { Uplink } from './uplink';

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
  readonly mayClimb: boolean;
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

/** Judges how poses sent at `tier` travel (rules ). What is not known speaks neither way. */
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
    mayClimb: uplink.isIdle && reports.length > 0 && reports.length * 2 >= others && unwell <= spared,
  };
}
