/** Above this an estimate is nonsense (bits a second). */
const DOWNLINK_MAX_BPS = 1e11;

/**
 * What a bridge's message says of the way down to its receiver, bits a second (JVB: `ConnectionStats`); null where it is
 * another message, or nonsense. Never throws.
 */
export function downlinkOf(message: unknown): number | null {
  if (typeof message !== 'object' || message === null) return null;
  const { colibriClass, estimatedDownlinkBandwidth: bps } = message as Record<string, unknown>;
  if (colibriClass !== 'ConnectionStats' || typeof bps !== 'number') return null;
  return bps >= 0 && bps <= DOWNLINK_MAX_BPS ? bps : null;
}
