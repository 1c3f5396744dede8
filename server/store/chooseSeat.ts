/**
 * The seat for somebody who sits down: the one they had, where it is free, otherwise the lowest free one.
 * Returns null where `seats` are all taken.
 */
export function chooseSeat(taken: ReadonlySet<number>, seats: number, former: number | null): number | null {
  if (former !== null && former < seats && !taken.has(former)) return former;
  for (let seat = 0; seat < seats; seat += 1) {
    if (!taken.has(seat)) return seat;
  }
  return null;
}
