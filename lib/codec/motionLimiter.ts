import {
  CHANNEL_COUNT,
  FACE_CHANNEL,
  ROTATION_CHANNEL,
  UNIT_CHANNEL,
  UNIT_CHANNELS,
  UNIT_COUNT,
  UNIT_PART,
} from './channels';
import { PLACES_PER_STEP, STEPS, UNITS_PER_ONE } from './steps';

/** How fast each number of a rotation vector may change: together 42 rad/s, faster than any human joint. */
const ROTATION_RAD_PER_S = 24;
/** How fast each axis of the hips' place may change: together 10.4 m/s, a sprinter's speed. */
const HIPS_M_PER_S = 6;

/** The longest time between two frames that counts, and the one assumed where it is unknown, ms. */
const GAP_MAX_MS = 1000;
const GAP_UNKNOWN_MS = 33;

const TURN = 2 * Math.PI * UNITS_PER_ONE;
const HALF_TURN = Math.PI * UNITS_PER_ONE;

/**
 * Shows the decoded places, but lets no joint turn and no body move faster than a body can, whatever a packet says.
 * Units are 1/65536 metre, radian or weight.
 */
export class MotionLimiter {
  readonly shown = new Float64Array(CHANNEL_COUNT);
  private readonly wanted = new Float64Array(CHANNEL_COUNT);
  private parts = 0;
  private timeMs = 0;

  /** Follows the places (1/256 step) of a frame with `parts` at `timeMs` (modulo 2^32). */
  follow(places: Int32Array, compression: number, parts: number, timeMs: number): void {
    const steps = STEPS[compression]!;
    for (let channel = 0; channel < CHANNEL_COUNT; channel += 1) {
      this.wanted[channel] = (places[channel]! * steps[channel]!) / PLACES_PER_STEP;
    }
    const passedMs = (timeMs - this.timeMs) | 0;
    const gapMs = passedMs < 0 ? GAP_UNKNOWN_MS : Math.min(GAP_MAX_MS, passedMs);
    for (let unit = 0; unit < UNIT_COUNT; unit += 1)
      this.followUnit(unit, (this.parts & UNIT_PART[unit]!) !== 0, gapMs);
    this.parts = parts;
    this.timeMs = timeMs;
  }

  private followUnit(unit: number, wasShown: boolean, gapMs: number): void {
    const first = UNIT_CHANNEL[unit]!;
    const end = first + UNIT_CHANNELS[unit]!;
    if (!wasShown || first >= FACE_CHANNEL) {
      for (let channel = first; channel < end; channel += 1) this.shown[channel] = this.wanted[channel]!;
      return;
    }
    const perSecond = first < ROTATION_CHANNEL ? HIPS_M_PER_S : ROTATION_RAD_PER_S;
    const limit = (perSecond * UNITS_PER_ONE * gapMs) / 1000;
    if (first >= ROTATION_CHANNEL) this.takeNearerTurn(first);
    for (let channel = first; channel < end; channel += 1) {
      const shown = this.shown[channel]!;
      this.shown[channel] = Math.max(shown - limit, Math.min(shown + limit, this.wanted[channel]!));
    }
  }

  /** A rotation vector with a turn more or less is the same rotation: a change from one to the other is no motion. */
  private takeNearerTurn(first: number): void {
    const { shown, wanted } = this;
    const x = shown[first]!;
    const y = shown[first + 1]!;
    const z = shown[first + 2]!;
    const wantedX = wanted[first]!;
    const wantedY = wanted[first + 1]!;
    const wantedZ = wanted[first + 2]!;
    const straightSq = (x - wantedX) ** 2 + (y - wantedY) ** 2 + (z - wantedZ) ** 2;
    if (straightSq <= HALF_TURN * HALF_TURN) return;
    const length = Math.sqrt(x * x + y * y + z * z);
    if (length === 0) return;
    const scale = 1 - TURN / length;
    const roundSq = (x * scale - wantedX) ** 2 + (y * scale - wantedY) ** 2 + (z * scale - wantedZ) ** 2;
    if (roundSq >= straightSq) return;
    shown[first] = x * scale;
    shown[first + 1] = y * scale;
    shown[first + 2] = z * scale;
  }
}
