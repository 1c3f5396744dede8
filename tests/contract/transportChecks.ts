/** Checks that run in Node and in a page alike, where no test framework is. */

/** Longest that a real conference may take to pass something on, on a slow machine. */
const ARRIVES_WITHIN_MS = 10_000;
const POLL_MS = 20;

/** What a check found wrong. */
class CheckError extends Error {}

export function check(isTrue: boolean, what: string): void {
  if (!isTrue) throw new CheckError(what);
}

/** Compares as JSON. */
export function checkEqual(actual: unknown, expected: unknown, what: string): void {
  const [is, shouldBe] = [JSON.stringify(actual), JSON.stringify(expected)];
  check(is === shouldBe, `${what}: ${is} instead of ${shouldBe}`);
}

/** Waits until `isTrue`. @throws CheckError after `withinMs` */
export async function eventually(
  isTrue: () => boolean,
  what: string | (() => string),
  withinMs = ARRIVES_WITHIN_MS,
): Promise<void> {
  const endMs = performance.now() + withinMs;
  while (!isTrue()) {
    if (performance.now() > endMs) {
      throw new CheckError(`not within ${withinMs} ms: ${typeof what === 'string' ? what : what()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** Waits until `value` equals `expected`, compared as JSON. */
export function eventuallyEqual(
  value: () => unknown,
  expected: unknown,
  what: string,
  withinMs?: number,
): Promise<void> {
  const shouldBe = JSON.stringify(expected);
  return eventually(
    () => JSON.stringify(value()) === shouldBe,
    () => `${what}: ${JSON.stringify(value())} instead of ${shouldBe}`,
    withinMs,
  );
}
