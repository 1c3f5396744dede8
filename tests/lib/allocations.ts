import { setFlagsFromString } from 'node:v8';
import { expect } from 'vitest';

const ROUNDS_MAX = 25;

// Code is compiled where it is called: else a busy machine measures what the interpreter boxes, for as long as V8's
// compiler waits for a core.
setFlagsFromString('--no-concurrent-recompilation');

/**
 * Expects that `call`, called often enough for the engine to have compiled it, leaves less than `bytes` on the heap each
 * time: the least of several rounds, each of `calls` calls, few enough that the young generation isn't collected in
 * between. Rounds end once one is below. V8 boxes some of the numbers that pass between functions (16 bytes each), so
 * hot code that makes no object still shows a few; a pose or a closure a call shows in every round.
 */
export function expectBytesPerCallBelow(bytes: number, call: (index: number) => void, calls = 4000): void {
  let called = 0;
  const callAll = (times: number) => {
    for (let k = 0; k < times; k += 1) call(called + k);
    called += times;
  };
  callAll(calls * 3);
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS_MAX && least >= bytes; round += 1) {
    const before = process.memoryUsage().heapUsed;
    callAll(calls);
    const grown = process.memoryUsage().heapUsed - before;
    if (grown >= 0) least = Math.min(least, grown / calls);
  }
  expect(least).toBeLessThan(bytes);
}
