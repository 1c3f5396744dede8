/** Slow at both ends: 0 to 1 for `t` of 0 to 1. */
export function smooth(t: number): number {
  return t * t * (3 - 2 * t);
}

/** Moves `value` towards `goal` by at most `step`. */
export function approach(value: number, goal: number, step: number): number {
  return value < goal ? Math.min(goal, value + step) : Math.max(goal, value - step);
}
