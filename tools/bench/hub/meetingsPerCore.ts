/** Steps between two numbers of meetings are at most this part of the smaller one. */
const RESOLUTION = 0.125;

/**
 * The most meetings for which `holds` is true: doubled until it is not, then halved in between, to an eighth. `holds` is asked
 * for no more than `most`.
 */
export async function mostThatHolds(
  first: number,
  most: number,
  holds: (meetings: number) => Promise<boolean>,
): Promise<number> {
  let good = 0;
  let bad = Number.POSITIVE_INFINITY;
  let next = Math.min(first, most);
  for (;;) {
    if (await holds(next)) good = next;
    else bad = next;
    if (good >= most) return good;
    next = bad === Number.POSITIVE_INFINITY ? Math.min(most, good * 2) : Math.floor((good + bad) / 2);
    if (bad - good <= Math.max(1, good * RESOLUTION)) return good;
  }
}
