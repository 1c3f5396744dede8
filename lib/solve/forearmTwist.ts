/** How far a forearm turns from thumb-forward to either side, radians: palm up to palm down is about 170 degrees. */
const LIMIT_RAD = (88 * Math.PI) / 180;
/** A hand that seems turned half a turn may seem so either way; it changes its mind only beyond this. */
const STICK_RAD = (40 * Math.PI) / 180;
/** A hand out of sight goes back to thumb-forward at this rate, 1/s. */
const RELAX_PER_S = 2;

/** Turn of a forearm about its axis: within what arms can do, never round and round. */
export class ForearmTwist {
  private twistRad = 0;

  get rad(): number {
    return this.twistRad;
  }

  forget(): void {
    this.twistRad = 0;
  }

  /** Takes the angle (-pi .. pi) by which the hand is turned about the forearm; `share` (0..1) of the way at once. */
  follow(measuredRad: number, share: number): void {
    // Just beyond half a turn, the limit it was at is still the nearer one.
    const isOpposite = measuredRad * this.twistRad < 0;
    const isNearBack = Math.PI - Math.abs(measuredRad) < STICK_RAD;
    const unwrapped = isOpposite && isNearBack ? measuredRad - Math.sign(measuredRad) * 2 * Math.PI : measuredRad;
    const wanted = Math.max(-LIMIT_RAD, Math.min(LIMIT_RAD, unwrapped));
    this.twistRad += share * (wanted - this.twistRad);
  }

  relax(elapsedMs: number): void {
    this.twistRad *= Math.exp((-RELAX_PER_S * elapsedMs) / 1000);
  }
}
