import { spawnSync } from 'node:child_process';
import { median } from '../benchResult';
import type { Allocation } from './allocationProcess';

const MODULE = new URL('allocationProcess.ts', import.meta.url).pathname;
/** What the engine inlines, and so whether numbers between functions are boxed, differs from process to process. */
const PROCESSES = 5;

function measureOnce(clipsDir: string | null, facePath: string | null): Allocation {
  const args = ['--import', 'tsx', MODULE, clipsDir ?? '', facePath ?? ''];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`allocations could not be measured: ${stderr}`);
  return JSON.parse(stdout) as Allocation;
}

/** What a frame leaves on the heap in steady state, over 20,000 frames: medians of several processes, each told to `say`. */
export function measureAllocation(
  clipsDir: string | null,
  facePath: string | null,
  say: (line: string) => void,
): Allocation {
  const runs = Array.from({ length: PROCESSES }, () => measureOnce(clipsDir, facePath));
  const sides = runs.map(({ encodeBytes, decodeBytes }) => `${encodeBytes.toFixed(1)} + ${decodeBytes.toFixed(1)}`);
  say(`Left on the heap for a frame, encode + decode, in ${PROCESSES} processes: ${sides.join(', ')} B`);
  return {
    encodeBytes: median(runs.map(({ encodeBytes }) => encodeBytes)),
    decodeBytes: median(runs.map(({ decodeBytes }) => decodeBytes)),
    floorBytes: median(runs.map(({ floorBytes }) => floorBytes)),
  };
}
