import { setFlagsFromString } from 'node:v8';
import { expect } from 'vitest';

const ROUNDS_MAX = 25;
/** Parts of a round that are measured each by itself. */
const PARTS = 16;
/** Parts in which garbage may be collected; where it is in more of them, they tell nothing. */
const COLLECTED_MAX = PARTS / 4;

// Code is compiled where it is called: else a busy machine measures what the interpreter boxes, for as long as V8's
// compiler waits for a core.
setFlagsFromString('--no-concurrent-recompilation');

/** What one of `calls` calls leaves on the heap: the median of their parts, which a collection in one of them leaves alone. */
function bytesPerCall(callAll: (times: number) => void, calls: number): number {
  const callsEach = Math.ceil(calls / PARTS);
  const grownBytes = new Float64Array(PARTS);
  for (let part = 0; part < PARTS; part += 1) {
    const before = process.memoryUsage().heapUsed;
    callAll(callsEach);
    grownBytes[part] = process.memoryUsage().heapUsed - before;
  }
  const collected = grownBytes.filter((bytes) => bytes < 0).length;
  return collected > COLLECTED_MAX ? Number.POSITIVE_INFINITY : grownBytes.sort()[PARTS / 2]! / callsEach;
}

/**
 * Expects that `call`, called often enough for the engine to have compiled it, leaves less than `bytes` on the heap each
 * time: the least of several rounds, each of about `calls` calls. Rounds end once one is below. V8 boxes some of the
 * numbers that pass between functions (16 bytes each), so hot code that makes no object still shows a few; a pose or a
 * closure a call shows in every round.
 */
export function expectBytesPerCallBelow(bytes: number, call: (index: number) => void, calls = 4000): void {
  let called = 0;
  const callAll = (times: number) => {
    for (let k = 0; k < times; k += 1) call(called + k);
    called += times;
  };
  callAll(calls * 3);
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS_MAX && least >= bytes; round += 1)
    least = Math.min(least, bytesPerCall(callAll, calls));
  expect(least).toBeLessThan(bytes);
}
