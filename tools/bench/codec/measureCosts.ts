import { spawnSync } from 'node:child_process';
import type { FrameSink } from '@/lib/codec/codec';
import { median } from '@/tools/statistics';
import type { Say } from '../benchResult';

import type { Allocation } from './allocationProcess';
import type { BenchClip } from './benchClip';
import type { CodecUnderTest } from './codecUnderTest';

/** Time per frame, medians over packets, microseconds. */
export interface Speed {
  readonly encodeUs: number;
  readonly decodeUs: number;
}

/** Each clip is sent this many times; the first rounds warm the caches and the compiler. */
const ROUNDS = 6;
const WARM_ROUNDS = 3;

const ignore: FrameSink = () => {};

interface Samples {
  readonly encodeUs: number[];
  readonly decodeUs: number[];
}

function sendClip(
  codec: CodecUnderTest,
  level: number,
  frames: number,
  clip: BenchClip,
  samples: Samples | null,
): void {
  const session = codec.open(level, frames);
  let encodeMs = 0;
  clip.poses.forEach((pose, frame) => {
    const startMs = performance.now();
    const isFinished = session.encode(pose, (frame * 1000) / clip.fps);
    encodeMs += performance.now() - startMs;
    if (!isFinished) return;
    const packet = session.packet();
    const decodeStartMs = performance.now();
    session.decode(packet, ignore);
    const decodeMs = performance.now() - decodeStartMs;
    samples?.encodeUs.push((encodeMs * 1000) / frames);
    samples?.decodeUs.push((decodeMs * 1000) / frames);
    encodeMs = 0;
  });
}

/** Time per frame on each side, warm, with packets of `framesPerPacket` frames. */
export function measureSpeed(
  codec: CodecUnderTest,
  level: number,
  framesPerPacket: number,
  clips: readonly BenchClip[],
): Speed {
  const samples: Samples = { encodeUs: [], decodeUs: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const clip of clips) sendClip(codec, level, framesPerPacket, clip, round < WARM_ROUNDS ? null : samples);
  }
  return { encodeUs: median(samples.encodeUs), decodeUs: median(samples.decodeUs) };
}

const MODULE = new URL('allocationProcess.ts', import.meta.url).pathname;
/** What the engine inlines, and thus whether it boxes numbers between functions, differs from process to process. */
const PROCESSES = 5;

function measureOnce(clipsDir: string | null, facePath: string | null): Allocation {
  const args = ['--import', 'tsx', MODULE, clipsDir ?? '', facePath ?? ''];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`allocations could not be measured: ${stderr}`);
  return JSON.parse(stdout) as Allocation;
}

/** What a frame leaves on the heap in steady state, over 20,000 frames: medians of several processes. */
export function measureAllocation(clipsDir: string | null, facePath: string | null, say: Say): Allocation {
  const runs = Array.from({ length: PROCESSES }, () => measureOnce(clipsDir, facePath));
  const sides = runs.map(({ encodeBytes, decodeBytes }) => `${encodeBytes.toFixed(1)} + ${decodeBytes.toFixed(1)}`);
  say(`Left on the heap for a frame, encode + decode, in ${PROCESSES} processes: ${sides.join(', ')} B`);
  return {
    encodeBytes: median(runs.map(({ encodeBytes }) => encodeBytes)),
    decodeBytes: median(runs.map(({ decodeBytes }) => decodeBytes)),
    floorBytes: median(runs.map(({ floorBytes }) => floorBytes)),
  };
}
