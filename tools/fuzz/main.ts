import { type CodecFuzzReport, fuzzCodec } from '@/tests/fuzz/codecFuzz';
import { HeapWatch } from '@/tests/fuzz/heapWatch';
import { readOptions, runMain, wholeNumber } from '@/tools/command/command';
import { createOurDecoder, createOurEncoder } from '../bench/codec/ourCodec';

const USAGE = 'Usage: npm run fuzz [-- --packets N] [--seed N] [--session N]';
const PACKETS = 10_000_000;
const PROGRESS_MS = 5_000;

const OPTIONS = { packets: { type: 'string' }, seed: { type: 'string' }, session: { type: 'string' } } as const;

const startMs = performance.now();
const heap = new HeapWatch();
let shownMs = startMs;

function describe({ packets: done, validPackets, frames, drops }: CodecFuzzReport): string {
  const perSecond = (done + validPackets) / ((performance.now() - startMs) / 1000);
  const reasons = Object.entries(drops).map(([reason, count]) => `${reason} ${count}`);
  const decoded = `${done} corrupt and ${validPackets} valid packets, ${perSecond.toFixed(0)} a second`;
  return `${decoded}; ${frames} frames from corrupt packets; drops: ${reasons.join(', ')}; ${heap.look().toFixed(1)} MB`;
}

function onSession(report: CodecFuzzReport): void {
  if (performance.now() - shownMs < PROGRESS_MS) return;
  shownMs = performance.now();
  console.log(describe(report));
}

await runMain(() => {
  const { values } = readOptions({ options: OPTIONS }, USAGE);
  const packets = wholeNumber(values.packets, 'packets') ?? PACKETS;
  const seed = wholeNumber(values.seed, 'seed') ?? Date.now() % 0x7fffffff;
  const firstSession = wholeNumber(values.session, 'session') ?? 0;
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
    console.log('No decoder threw, every frame was valid, memory did not grow.');
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    console.error(`FAILED with --seed ${seed}`);
    process.exit(1);
  }
});
