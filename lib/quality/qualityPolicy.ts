import { type DeviceCap, NO_DEVICE_CAP, nextDeviceCap } from './deviceCap';
import { LADDER, LOWEST_RUNG, rungOf } from './ladder';
import type { QualityReason, QualitySignals } from './quality';
import { tierForSeated } from './tiers';
import { nextWay } from './wayPolicy';
import { unknownWay, type WayState, withBase } from './wayState';

/** Everything the policy remembers. */
export interface QualityState {
  readonly way: WayState;
  readonly device: DeviceCap;
}

/** What the policy decides: a rung of the ladder, and why. */
export interface QualityDecision {
  readonly rung: number;
  readonly reason: QualityReason;
}

/** The state before anything is known but the base tier. `seed` makes people differ in when they go up. */
export function initialQuality({ base, nowMs }: QualitySignals, seed: number): QualityState {
  return { way: unknownWay(rungOf(base.name), nowMs, seed), device: NO_DEVICE_CAP };
}

/** The state after hearing `signals`. While nobody looks, nothing is learnt (rule Q-40). */
export function nextQuality(state: QualityState, signals: QualitySignals): QualityState {
  const based = withBase(state.way, rungOf(signals.base.name), signals.nowMs);
  if (signals.isHidden) return { way: { ...based, calmSinceMs: null }, device: state.device };
  const device = nextDeviceCap(state.device, signals.frameMs, signals.nowMs);
  return { way: nextWay(based, signals, device.rung), device };
}

function reasonOfWay({ rung, baseRung, cause }: WayState, { base, seated }: QualitySignals): QualityReason {
  if (rung > baseRung) return 'headroom';
  if (rung < baseRung) return cause;
  return base.name === tierForSeated(seated).name ? 'people' : 'operator';
}

/** What a state means: the lowest of what page, device and way allow. */
export function decisionOf({ way, device }: QualityState, signals: QualitySignals): QualityDecision {
  if (signals.isHidden) return { rung: LOWEST_RUNG, reason: 'hidden' };
  if (device.rung < way.rung) return { rung: device.rung, reason: 'slowDevice' };
  return { rung: way.rung, reason: reasonOfWay(way, signals) };
}

/** The tier of a decision. */
export function tierOf({ rung }: QualityDecision) {
  return LADDER[rung]!;
}
