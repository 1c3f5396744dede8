import { type DeviceCap, NO_DEVICE_CAP, nextDeviceCap } from './deviceCap';
import { nextPath } from './pathPolicy';
import { type PathState, unknownPath, withBase } from './pathState';
import type { QualityChoice, QualityReason, QualitySignals } from './quality';
import { framesPerPacket, LADDER, LOWEST_RUNG, rungOf, tierForSeated } from './tiers';

function notNegative(value: number | null): number | null {
  return value !== null && Number.isFinite(value) && value >= 0 ? value : null;
}

/** The operator's own default, for a server that tells none, bits a second. */
const BANDWIDTH_DEFAULT_BPS = 1_500_000;

/**
 * Signals as a decision can use them: time never runs backwards, and measurements that are no measurements count as
 * missing (rule Q-3).
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

/** The state before anything is known but the base tier. `seed` makes people differ in when they go up. */
function initialQuality({ base, nowMs }: QualitySignals, seed: number): QualityState {
  return { path: unknownPath(rungOf(base.name), nowMs, seed), device: NO_DEVICE_CAP };
}

/** The state after hearing `signals`. While nobody looks, nothing is learnt (rule Q-40). */
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

/** What a state means: the lowest of what page, device and way allow. */
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

/** Decides how one person's poses are sent: the policy with a memory. Rules in SPEC.md. */
export class QualityController {
  private state: QualityState | null = null;
  private lastMs = 0;
  private choice: QualityChoice | null = null;

  /** `seed` makes people differ in when they try for more; the same seed and signals give the same choices. */
  constructor(private readonly seed = Math.floor(Math.random() * SEEDS)) {}

  /**
   * To be called each 500 ms or so. Never throws, whatever the figures. The same object as before where nothing changed, so
   * that a change can be told by identity.
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
