import { type BenchResult, round } from './benchResult';

/** Calls that warm the code up, and as many that are measured. */
const CALLS = 20_000;
/**
 * Calls between two looks at the heap: few, so that garbage is rarely collected in between. A forced collection would make
 * the engine drop compiled code, and compiling it again would count.
 */
const CHUNK_CALLS = 200;
/** Chunks in which garbage was collected don't count; this share of them must. */
const MEASURED_SHARE_MIN = 0.9;

/** Bytes on the heap and in buffers beside it. */
function usedBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** What a look at the heap leaves there itself: the least of many, but for those between which garbage was collected. */
function ownBytes(): number {
  let least = Number.POSITIVE_INFINITY;
  for (let k = 0; k < 200; k += 1) {
    const before = usedBytes();
    const own = usedBytes() - before;
    if (own >= 0) least = Math.min(least, own);
  }
  return least;
}

/** Growth of the heap over one chunk of calls; null where garbage was collected meanwhile. */
function growthOfChunk(from: number, own: number, call: (index: number) => void): number | null {
  const before = usedBytes();
  for (let index = from; index < from + CHUNK_CALLS; index += 1) call(index);
  const growth = usedBytes() - before - own;
  return growth < -own ? null : Math.max(0, growth);
}

/** Mean growth of the heap by `call`, warm. `call` is given 0 .. 2 * `calls` - 1 in turn. */
export function bytesPerCall(call: (index: number) => void, calls = CALLS): number {
  for (let index = 0; index < calls; index += 1) call(index);
  const own = ownBytes();
  const growths = Array.from({ length: calls / CHUNK_CALLS }, (_, chunk) =>
    growthOfChunk(calls + chunk * CHUNK_CALLS, own, call),
  );
  const measured = growths.filter((growth) => growth !== null);
  if (measured.length < MEASURED_SHARE_MIN * growths.length) throw new Error('the heap was collected all the time');
  return measured.reduce((sum, growth) => sum + growth, 0) / (measured.length * CHUNK_CALLS);
}

/**
 * The figure of what a call leaves on the heap. Which numbers the engine boxes (16 bytes each) differs from run to run, so
 * it is a figure to watch and no test; a target is well below what an object a bone would come to.
 */
export function heapResult(name: string, target: number, call: (index: number) => void, calls?: number): BenchResult {
  return { name, value: round(bytesPerCall(call, calls), 0), unit: 'bytes', target, better: 'lower', peer: [] };
}
