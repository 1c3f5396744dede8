import { setFlagsFromString } from 'node:v8';
import { expect } from 'vitest';

// Which numbers V8 boxes depends on what it inlines, and that on chance and load. So nothing is inlined, and code is
// compiled at the call: a figure is then the same in every run. The flags hold for the whole process, so a test that
// imports this module has a file of its own.
setFlagsFromString('--no-turbo-inlining');
setFlagsFromString('--no-maglev-inlining');
setFlagsFromString('--no-concurrent-recompilation');

/** Bytes of a number that V8 boxes. */
export const BOXED_NUMBER_BYTES = 16;

/** Calls that are measured together: so few that many parts pass without a collection or anything that is rare. */
const PART_CALLS = 20;
const ROUND_PARTS = 50;
/** Rounds until everything is compiled, at most. */
const ROUNDS_MAX = 120;

function grownBytes(call: (index: number) => void, from: number): number {
  const before = process.memoryUsage().heapUsed;
  for (let index = from; index < from + PART_CALLS; index += 1) call(index);
  return process.memoryUsage().heapUsed - before;
}

/** The least that a part leaves on the heap; parts in which garbage was collected don't count. */
function leastBytes(call: (index: number) => void, from: number): number {
  let least = Number.POSITIVE_INFINITY;
  for (let part = 0; part < ROUND_PARTS; part += 1) {
    const bytes = grownBytes(call, from + part * PART_CALLS);
    if (bytes >= 0) least = Math.min(least, bytes);
  }
  return least;
}

/**
 * Expects that `call` leaves no more than `bytes` on the heap once it is compiled. What it makes in some calls alone
 * doesn't count. `call` is given 0, 1, 2, ...
 */
export function expectBytesPerCall(bytes: number, call: (index: number) => void): void {
  const nothing = () => {};
  for (let round = 0; round < 5; round += 1) leastBytes(nothing, 0);
  const ownBytes = leastBytes(nothing, 0);
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS_MAX && least > bytes; round += 1) {
    least = Math.min(least, (leastBytes(call, round * ROUND_PARTS * PART_CALLS) - ownBytes) / PART_CALLS);
  }
  expect(least).toBeLessThanOrEqual(bytes);
}
