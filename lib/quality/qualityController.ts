import { type DeviceCap, NO_DEVICE_CAP, nextDeviceCap } from './deviceCap';
import { nextPath } from './pathPolicy';
import { type PathState, unknownPath, withBase } from './pathState';
import type { QualityChoice, QualityReason, QualitySignals } from './quality';
import { framesPerPacket, LADDER, LOWEST_RUNG, rungOf, tierForSeated } from './tiers';

function notNegative(value: number | null): number | null {
  return value !== null && Number.isFinite(value) && value >= 0 ? value : null;
}

/** Stands in for the limit of a server that announces none; the default of `MAX_BANDWIDTH_BPS`. */
const BANDWIDTH_DEFAULT_BPS = 1_500_000;

/**
 * Signals fit for a decision: time never runs backwards, and measurements that are NaN or negative count as missing
 * (rule Q-3).
 */
function soundSignals(signals: QualitySignals, lastMs: number): QualitySignals {
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

/** Everything the policy remembers. */
interface QualityState {
  readonly path: PathState;
  readonly device: DeviceCap;
}

/** What the policy decides: a rung of the ladder, and why. */
interface QualityDecision {
  readonly rung: number;
  readonly reason: QualityReason;
}

/** The state while only the base tier is known. Different seeds step up at different times. */
function initialQuality({ base, nowMs }: QualitySignals, seed: number): QualityState {
  return { path: unknownPath(rungOf(base.name), nowMs, seed), device: NO_DEVICE_CAP };
}

/** The state after `signals`. A hidden page learns nothing (rule Q-40). */
function nextQuality(state: QualityState, signals: QualitySignals): QualityState {
  const based = withBase(state.path, rungOf(signals.base.name), signals.nowMs);
  if (signals.isHidden) return { path: { ...based, calmSinceMs: null }, device: state.device };
  const device = nextDeviceCap(state.device, signals.frameMs, signals.nowMs);
  return { path: nextPath(based, signals, device.rung), device };
}

function reasonOfPath({ rung, baseRung, cause }: PathState, { base, seated }: QualitySignals): QualityReason {
  if (rung > baseRung) return 'headroom';
  if (rung < baseRung) return cause;
  return base.name === tierForSeated(seated).name ? 'people' : 'operator';
}

/** The decision that follows from a state: the lowest rung that page, device and path allow. */
function decisionOf({ path, device }: QualityState, signals: QualitySignals): QualityDecision {
  if (signals.isHidden) return { rung: LOWEST_RUNG, reason: 'hidden' };
  if (device.rung < path.rung) return { rung: device.rung, reason: 'slowDevice' };
  return { rung: path.rung, reason: reasonOfPath(path, signals) };
}

/** The tier of a decision. */
function tierOf({ rung }: QualityDecision) {
  return LADDER[rung]!;
}

const SEEDS = 0x1_0000_0000;

/** Decides how one sender's poses are sent. The rules are in SPEC.md. */
export class QualityController {
  private state: QualityState | null = null;
  private lastMs = 0;
  private choice: QualityChoice | null = null;

  /** Different seeds step up at different times; the same seed and signals give the same choices. */
  constructor(private readonly seed = Math.floor(Math.random() * SEEDS)) {}

  /**
   * Call it about every 500 ms. Never throws, whatever the figures. Returns the same object while nothing changes, so that
   * callers detect a change by identity.
   */
  decide(signals: QualitySignals): QualityChoice {
    const sound = soundSignals(signals, this.lastMs);
    this.lastMs = sound.nowMs;
    this.state = nextQuality(this.state ?? initialQuality(sound, this.seed), sound);
    const decision = decisionOf(this.state, sound);
    const tier = tierOf(decision);
    if (this.choice?.tier === tier && this.choice.reason === decision.reason) return this.choice;
    this.choice = { tier, framesPerPacket: framesPerPacket(tier), reason: decision.reason };
    return this.choice;
  }
}
