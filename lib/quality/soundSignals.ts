import type { QualitySignals } from './quality';

function notNegative(value: number | null): number | null {
  return value !== null && Number.isFinite(value) && value >= 0 ? value : null;
}

/** The operator's own default, for a server that tells none, bits a second. */
const BANDWIDTH_DEFAULT_BPS = 1_500_000;

/**
 * Signals as a decision can use them: time never runs backwards, and measurements that are no measurements count as
 * missing (rule Q-3).
 */
export function soundSignals(signals: QualitySignals, lastMs: number): QualitySignals {
  return {
    ...signals,
    nowMs: Number.isFinite(signals.nowMs) ? Math.max(signals.nowMs, lastMs) : lastMs,
    seated: Math.max(1, Math.floor(notNegative(signals.seated) ?? 1)),
    bandwidthMaxBps: notNegative(signals.bandwidthMaxBps) ?? BANDWIDTH_DEFAULT_BPS,
    backlogBytes: notNegative(signals.backlogBytes),
    othersAgeMs: notNegative(signals.othersAgeMs ?? null),
    downlinkBps: notNegative(signals.downlinkBps),
    wireBps: notNegative(signals.wireBps) ?? 0,
    frameMs: notNegative(signals.frameMs),
  };
}
