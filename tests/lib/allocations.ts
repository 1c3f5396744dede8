/**
 * Bytes that `call` leaves on the heap, each time it is called, measured over `calls` after as many to warm up. Few
 * enough calls that the young generation isn't collected in between. V8 boxes some of the numbers that pass between
 * functions (16 bytes each), so hot code that makes no object still shows a few; a pose or a closure a call shows at once.
 */
export function bytesPerCall(call: (index: number) => void, calls = 4000): number {
  for (let index = 0; index < calls * 3; index += 1) call(index);
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round += 1) {
    const before = process.memoryUsage().heapUsed;
    for (let index = 0; index < calls; index += 1) call(index);
    const grown = process.memoryUsage().heapUsed - before;
    if (grown >= 0) least = Math.min(least, grown / calls);
  }
  return least;
}
