import { type CodecFuzzReport, fuzzCodec } from '@/tests/fuzz/codecFuzz';
import { HeapWatch } from '@/tests/fuzz/heapWatch';
import { fuzzRecording, type RecordingFuzzReport, type RecordingTarget } from '@/tests/fuzz/recordingFuzz';
import { readOptions, runMain, UsageError, wholeNumber } from '@/tools/command/command';
import { createOurDecoder, createOurEncoder } from '../bench/codec/ourCodec';

const RECORDING_TARGETS: readonly RecordingTarget[] = ['segment', 'index', 'recovery'];
const TARGETS = ['codec', ...RECORDING_TARGETS] as const;
type Target = (typeof TARGETS)[number];

const USAGE = `Usage: npm run fuzz [-- ${TARGETS.join('|')}] [--packets N] [--bytes N] [--seed N] [--session N]`;
const PACKETS = 10_000_000;
const BYTES = 10_000_000;
const PROGRESS_MS = 5_000;

const OPTIONS = {
  packets: { type: 'string' },
  bytes: { type: 'string' },
  seed: { type: 'string' },
  session: { type: 'string' },
} as const;

interface FuzzOptions {
  readonly packets: number;
  readonly bytes: number;
  readonly seed: number;
  readonly firstSession: number;
}

function countsText(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([reason, count]) => `${reason} ${count}`)
    .join(', ');
}

function describeCodec({ packets, validPackets, frames, drops }: CodecFuzzReport): string {
  const decoded = `${packets} corrupt and ${validPackets} valid packets decoded`;
  return `${decoded}; ${frames} frames from corrupt packets; drops: ${countsText(drops)}`;
}

function describeRecording({ target, cases, bytes, read, refused }: RecordingFuzzReport): string {
  const damaged = { segment: 'damaged segments', index: 'damaged indexes', recovery: 'damaged recordings' }[target];
  return `${cases} ${damaged}, ${bytes} bytes; ${read} read; refused: ${countsText(refused)}`;
}

/** A function that prints what is done, every few seconds, with the memory in use. */
function progress<Report>(describe: (report: Report) => string): (report: Report) => void {
  const heap = new HeapWatch();
  let shownMs = performance.now();
  return (report) => {
    if (performance.now() - shownMs < PROGRESS_MS) return;
    shownMs = performance.now();
    console.log(`${describe(report)}; ${heap.look().toFixed(1)} MB`);
  };
}

async function fuzz(target: Target, { packets, bytes, seed, firstSession }: FuzzOptions): Promise<string> {
  if (target !== 'codec') {
    const onSession = progress(describeRecording);
    return describeRecording(await fuzzRecording({ target, seed, bytes, firstSession, onSession }));
  }
  const parts = { createEncoder: createOurEncoder, createDecoder: createOurDecoder };
  return describeCodec(fuzzCodec({ seed, packets, firstSession, ...parts, onSession: progress(describeCodec) }));
}

function isTarget(name: string): name is Target {
  return (TARGETS as readonly string[]).includes(name);
}

await runMain(async () => {
  const { values, positionals } = readOptions({ options: OPTIONS, allowPositionals: true }, USAGE);
  const targets = positionals.length > 0 ? positionals : TARGETS;
  const options = {
    packets: wholeNumber(values.packets, 'packets') ?? PACKETS,
    bytes: wholeNumber(values.bytes, 'bytes') ?? BYTES,
    seed: wholeNumber(values.seed, 'seed') ?? Date.now() % 0x7fffffff,
    firstSession: wholeNumber(values.session, 'session') ?? 0,
  };
  for (const target of targets) {
    if (!isTarget(target)) throw new UsageError(`There is nothing named ${target} to fuzz. ${USAGE}`);
    console.log(`${target}, seed ${options.seed}`);
    try {
      console.log(await fuzz(target, options));
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      console.error(`FAILED: ${target} with --seed ${options.seed}`);
      process.exit(1);
    }
  }
  console.log('Nothing threw, everything that was read was valid, memory did not grow.');
});
