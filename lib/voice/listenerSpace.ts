/** Nearer than this a sound has no direction, metres. */
const NEAR_M = 0.25;

/** A point relative to the listener, metres: +X to the right, +Y up, -Z ahead, as the Web Audio API's listener at rest. */
export interface HeardPoint {
  x: number;
  y: number;
  z: number;
  distanceM: number;
}

/** Straight ahead, an arm's length away: where voices without a place in the room are heard. */
export function pointAhead(): HeardPoint {
  return { x: 0, y: 0, z: -1, distanceM: 0 };
}

/**
 * The listener's place in the room. Voices are moved into the listener's own space instead of moving the listener, because
 * Firefox has no AudioParams on AudioListener: https://developer.mozilla.org/docs/Web/API/AudioListener
 */
export class ListenerSpace {
  private x = 0;
  private y = 0;
  private z = 0;
  private forwardX = 0;
  private forwardY = 0;
  private forwardZ = -1;
  private rightX = 1;
  private rightZ = 0;

  /** Puts the listener at a point of the room, looking along a unit vector. Straight up or down keeps the last right side. */
  set(x: number, y: number, z: number, forwardX: number, forwardY: number, forwardZ: number): void {
    this.x = x;
    this.y = y;
    this.z = z;
    this.forwardX = forwardX;
    this.forwardY = forwardY;
    this.forwardZ = forwardZ;
    // V8 would box the numbers for Math.hypot.
    const flat = Math.sqrt(forwardX * forwardX + forwardZ * forwardZ);
    if (flat < 1e-3) return;
    this.rightX = -forwardZ / flat;
    this.rightZ = forwardX / flat;
  }

  /** Writes where a point of the room is heard to `out`. Allocates nothing. */
  hear(x: number, y: number, z: number, out: HeardPoint): HeardPoint {
    const dx = x - this.x;
    const dy = y - this.y;
    const dz = z - this.z;
    const { forwardX, forwardY, forwardZ, rightX, rightZ } = this;
    out.distanceM = Math.sqrt(dx * dx + dy * dy + dz * dz);
    if (out.distanceM < NEAR_M) return toAhead(out);
    out.x = dx * rightX + dz * rightZ;
    // Up is right x forward.
    out.y = -dx * rightZ * forwardY + dy * (rightZ * forwardX - rightX * forwardZ) + dz * rightX * forwardY;
    out.z = -(dx * forwardX + dy * forwardY + dz * forwardZ);
    return out;
  }
}

function toAhead(out: HeardPoint): HeardPoint {
  out.x = 0;
  out.y = 0;
  out.z = -1;
  return out;
}

/** Up to this distance a voice is heard in full, metres: the neighbours at the table. */
export const FULL_WITHIN_M = 1.2;

/** How much of the inverse law applies, 0 none to 1 as in the open air. People talk across a table for sixteen, not shout. */
const ROLLOFF = 0.5;

/** No voice becomes softer than this, dB: at the far end of the table, or under a camera far above it. */
export const FLOOR_DB = -9;

const FLOOR = 10 ** (FLOOR_DB / 20);

/**
 * Gain (0 .. 1) of a voice `distanceM` metres away: the `inverse` law of the Web Audio API's PannerNode, with a floor that
 * it does not have. https://webaudio.github.io/web-audio-api/#dom-distancemodeltype-inverse
 */
export function distanceGain(distanceM: number): number {
  if (!(distanceM > FULL_WITHIN_M)) return 1;
  const gain = FULL_WITHIN_M / (FULL_WITHIN_M + ROLLOFF * (distanceM - FULL_WITHIN_M));
  return Math.max(FLOOR, gain);
}
