import { parseArgs } from 'node:util';
import { type CodecFuzzReport, fuzzCodec } from '@/tests/fuzz/codecFuzz';
import { createOurDecoder, createOurEncoder } from '../bench/codec/ourCodec';
import { HeapWatch } from './heapWatch';

const USAGE = 'npm run fuzz [-- --packets N] [--seed N] [--session N]';
const PACKETS = 10_000_000;
const PROGRESS_MS = 5_000;

function wholeNumber(text: string | undefined, otherwise: number): number {
  const value = Number(text ?? otherwise);
  if (Number.isInteger(value) && value >= 0) return value;
  console.error(`${text} is no whole number: ${USAGE}`);
  process.exit(1);
}

const { values } = parseArgs({
  options: { packets: { type: 'string' }, seed: { type: 'string' }, session: { type: 'string' } },
});
const packets = wholeNumber(values.packets, PACKETS);
const seed = wholeNumber(values.seed, Date.now() % 0x7fffffff);
const firstSession = wholeNumber(values.session, 0);

const startMs = performance.now();
const heap = new HeapWatch();

function describe({ packets: done, validPackets, frames, drops }: CodecFuzzReport): string {
  const perSecond = (done + validPackets) / ((performance.now() - startMs) / 1000);
  const reasons = Object.entries(drops).map(([reason, count]) => `${reason} ${count}`);
  const decoded = `${done} spoilt and ${validPackets} sound packets, ${perSecond.toFixed(0)} a second`;
  return `${decoded}; ${frames} frames out of spoilt ones; drops: ${reasons.join(', ')}; ${heap.look().toFixed(1)} MB`;
}

let shownMs = startMs;

function onSession(report: CodecFuzzReport): void {
  if (performance.now() - shownMs < PROGRESS_MS) return;
  shownMs = performance.now();
  console.log(describe(report));
}

console.log(`seed ${seed}, ${packets} packets`);
try {
  const report = fuzzCodec({
    seed,
    packets,
    firstSession,
    createEncoder: createOurEncoder,
    createDecoder: createOurDecoder,
    onSession,
  });
  console.log(describe(report));
  console.log('No decoder threw, no frame was other than it may be, memory did not grow.');
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(`FAILED with --seed ${seed}`);
  process.exit(1);
}
